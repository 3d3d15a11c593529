import { Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type SyntheticEvent, useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Section } from "@/components/ui/section";
import { useLimits } from "../api/limit-migration";
import type { Migration } from "../api/list-migrations";
import { problemsOf, rateBytes, rateField } from "../options";
import { LimitFields } from "./limit-fields";
import classes from "./fields.module.css";

/** Both limits, changed while it runs. */
export function LimitsSection({ migration }: { migration: Migration }) {
  const [concurrency, setConcurrency] = useState<number | string>(migration.concurrency);
  const [rate, setRate] = useState(rateField(migration.bytes_per_second));
  const change = useLimits(migration.id, () =>
    notifications.show({ title: "Changed", message: "The new limits apply within a second.", color: "green" }),
  );
  const problems = problemsOf({ concurrency, rate });
  const same = Number(concurrency) === migration.concurrency && rateBytes(rate) === migration.bytes_per_second;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (Object.keys(problems).length > 0) return;
    change.mutate({ concurrency: Number(concurrency), bytes_per_second: rateBytes(rate) });
  };
  return (
    <Section title="Limits" description="Limit how much of the network and storage the migration uses.">
      <form onSubmit={submit} aria-label="Limits" noValidate>
        <Stack gap="md">
          <div className={classes.fields}>
            <LimitFields
              concurrency={concurrency}
              rate={rate}
              problems={problems}
              onConcurrency={setConcurrency}
              onRate={setRate}
            />
          </div>
          <ProblemAlert error={change.error} />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending} disabled={same}>
              Change limits
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
