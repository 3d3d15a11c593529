import { Button, Group, Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { type Change, changesQuery } from "../api/list-changes";
import { useSettleChange } from "../api/settle-change";
import { secondsLeft } from "../drafts";
import { VariableNames } from "./variable-names";
import classes from "./dock.module.css";

/** A change that undoes itself unless somebody keeps it. */
export function WaitingChange() {
  const change = useQuery(changesQuery).data?.find(({ state }) => state === "waiting");
  return change ? <Countdown key={change.id} change={change} /> : null;
}

function Countdown({ change }: { change: Change }) {
  const settle = useSettleChange();
  const left = useSecondsLeft(change.confirm_until);
  return (
    <Paper
      component="section"
      aria-label="Change that waits"
      withBorder
      radius="lg"
      shadow="md"
      className={classes.dock}
    >
      <ProblemAlert error={settle.error} />
      <Group justify="space-between" gap="sm">
        <div style={{ flex: "1 1 200px", minWidth: 0 }}>
          <Text role="timer" fw={600}>
            {left > 0 ? `Undone in ${left} s unless you keep it` : "Being undone…"}
          </Text>
          <Text size="xs" c="dimmed">
            Changed by {change.actor}: <VariableNames names={change.names} />
          </Text>
        </div>
        <Group gap="xs">
          <Button
            variant="default"
            disabled={settle.isPending}
            onClick={() => settle.mutate({ id: change.id, keep: false })}
          >
            Undo now
          </Button>
          <Button
            loading={settle.isPending}
            disabled={left === 0}
            onClick={() => settle.mutate({ id: change.id, keep: true })}
          >
            Keep
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

function useSecondsLeft(until: string | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return until ? secondsLeft(until, now) : 0;
}
