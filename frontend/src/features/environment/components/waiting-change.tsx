import { Button, Group, Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { type Change, newestChangeQuery } from "../api/list-changes";
import { useSettleChange } from "../api/settle-change";
import { secondsLeft } from "../changes";
import { VariableNames } from "./variable-names";
import classes from "./dock.module.css";

/** A change that undoes itself unless somebody keeps it. */
export function WaitingChange() {
  const { data: change, dataUpdatedAt } = useQuery(newestChangeQuery);
  return change?.state === "waiting" ? <Countdown key={change.id} change={change} answeredAt={dataUpdatedAt} /> : null;
}

function Countdown({ change, answeredAt }: { change: Change; answeredAt: number }) {
  const settle = useSettleChange();
  const left = useSecondsLeft(change, answeredAt);
  return (
    <Paper
      component="section"
      aria-label="Change waiting for confirmation"
      withBorder
      radius="lg"
      shadow="md"
      className={classes.dock}
    >
      <ProblemAlert error={settle.error} />
      <Group justify="space-between" gap="sm">
        <div style={{ flex: "1 1 200px", minWidth: 0 }}>
          <Text role="timer" fw={600}>
            {left > 0 ? `Undone in ${left} s unless you keep it` : "Undoing…"}
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

function useSecondsLeft(change: Change, answeredAt: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return secondsLeft(change, answeredAt, now);
}
