import { Button, Group, NativeSelect, NumberInput, Stack } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useStartScrub } from "../api/start-scrub";

export interface Place {
  id: string;
  label: string;
}

const ALL = 100;

/** How much to check, and where. */
export function ScrubForm({ places }: { places: readonly Place[] }) {
  const [percent, setPercent] = useState<number | string>(ALL);
  const [location, setLocation] = useState("");
  const start = useStartScrub();
  const valid = typeof percent === "number" && Number.isInteger(percent) && percent >= 1 && percent <= ALL;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (valid) start.mutate({ percent, ...(location && { location }) });
  };
  return (
    <form onSubmit={submit} aria-label="New integrity check" noValidate>
      <Stack gap="md">
        <Group gap="sm" align="flex-end">
          <NumberInput
            label="Files to check"
            suffix=" %"
            min={1}
            max={ALL}
            allowDecimal={false}
            flex="1 1 140px"
            maw={180}
            error={valid ? null : "Enter a number from 1 to 100."}
            value={percent}
            onChange={setPercent}
          />
          <NativeSelect
            label="Location"
            flex="2 1 200px"
            maw={360}
            data={[{ value: "", label: "All locations" }, ...places.map(({ id, label }) => ({ value: id, label }))]}
            value={location}
            onChange={(event) => setLocation(event.currentTarget.value)}
          />
          <Button type="submit" loading={start.isPending} disabled={!valid}>
            Start check
          </Button>
        </Group>
        <ProblemAlert error={start.error} />
      </Stack>
    </form>
  );
}
