import { Accordion, NumberInput, Radio, Stack } from "@mantine/core";
import type { Options } from "../options";
import classes from "./fields.module.css";
import { LimitFields } from "./limit-fields";

interface Props {
  options: Options;
  problems: Readonly<Record<string, string>>;
  onChange: (options: Options) => void;
}

/** Folded: the defaults are right for most. */
export function OptionFields({ options, problems, onChange }: Props) {
  return (
    <Accordion variant="contained" chevronPosition="left">
      <Accordion.Item value="options">
        <Accordion.Control>Options: speed, verification, old copies</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="md">
            <div className={classes.fields}>
              <LimitFields
                concurrency={options.concurrency}
                rate={options.rate}
                problems={problems}
                onConcurrency={(concurrency) => onChange({ ...options, concurrency })}
                onRate={(rate) => onChange({ ...options, rate })}
              />
              <NumberInput
                label="Keep old copies for (hours)"
                description="A migration can be rolled back until then."
                value={options.grace}
                onChange={(grace) => onChange({ ...options, grace })}
                error={problems.grace}
                allowDecimal={false}
                allowNegative={false}
                hideControls
              />
            </div>
            <VerifyChoice value={options.verify} onChange={(verify) => onChange({ ...options, verify })} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function VerifyChoice({ value, onChange }: { value: Options["verify"]; onChange: (value: Options["verify"]) => void }) {
  return (
    <Radio.Group
      label="Verification of each copy"
      value={value}
      onChange={(chosen) => onChange(chosen === "checksum" ? "checksum" : "read")}
    >
      <Stack gap="xs" mt="xs">
        <Radio
          value="read"
          label="Read it back"
          description="Safest: every byte is read from the new location and compared."
        />
        <Radio
          value="checksum"
          label="Checksum only"
          description="Faster: the storage compares the checksum of what it receives."
        />
      </Stack>
    </Radio.Group>
  );
}
