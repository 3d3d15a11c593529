import { Button, Group, Paper, Text } from "@mantine/core";
import { formatQuantity } from "@/lib/format";
import type { Batch, Drafts } from "../drafts";
import classes from "./dock.module.css";

interface Props {
  batches: readonly Batch[];
  problems: Drafts["problems"];
  /** Another change is not confirmed yet, and no further one can be made. */
  waiting: boolean;
  onDiscard: () => void;
  onReview: () => void;
}

/** What was edited and is not applied; it stays in sight. */
export function PendingBar({ batches, problems, waiting, onDiscard, onReview }: Props) {
  const count = batches.reduce((sum, { changes }) => sum + Object.keys(changes).length, 0);
  if (count === 0) return null;
  const wrong = Object.keys(problems).length;
  const files = batches.map(({ file }) => file).join(", ");
  return (
    <Paper component="section" aria-label="Pending changes" withBorder radius="lg" shadow="md" className={classes.dock}>
      <Group justify="space-between" gap="sm">
        <Text role="status" flex="1 1 180px" miw={0} style={{ overflowWrap: "anywhere" }}>
          <b>{formatQuantity(count, "change")}</b> to {files}
          {wrong > 0 && <>, {formatQuantity(wrong, "problem")}</>}
          {waiting && ". Keep or undo the waiting change first."}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onDiscard}>
            Discard all
          </Button>
          <Button disabled={waiting} onClick={onReview}>
            Review
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
