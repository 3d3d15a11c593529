import { NumberInput } from "@mantine/core";
import { MAX_CONCURRENCY } from "../options";

interface Props {
  concurrency: number | string;
  rate: number | string;
  problems: Readonly<Record<string, string>>;
  onConcurrency: (value: number | string) => void;
  onRate: (value: number | string) => void;
}

/** The two limits of a migration, before and while it runs. */
export function LimitFields({ concurrency, rate, problems, onConcurrency, onRate }: Props) {
  return (
    <>
      <NumberInput
        label="Files at a time"
        description={`From 1 to ${MAX_CONCURRENCY}.`}
        value={concurrency}
        onChange={onConcurrency}
        error={problems.concurrency}
        allowDecimal={false}
        allowNegative={false}
        hideControls
      />
      <NumberInput
        label="Megabytes per second"
        description="Empty for no limit."
        value={rate}
        onChange={onRate}
        error={problems.rate}
        allowNegative={false}
        hideControls
      />
    </>
  );
}
