import { Button, Group, Modal, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useMoveEntries } from "../api/move-entries";
import { countOf, type Entry } from "../entries";
import { movesInto } from "../moves";
import { parentOf } from "@/lib/paths";
import { Failures } from "./failures";
import { FolderPicker } from "./folder-picker";
import { ProblemAlert } from "./problem-alert";

interface Props {
  entries: readonly Entry[];
  onMoved: () => void;
  onClose: () => void;
}

export function MoveDialog({ entries, onMoved, onClose }: Props) {
  const [first] = entries;
  const [left, setLeft] = useState(entries);
  const [target, setTarget] = useState(first ? parentOf(first.path) : "");
  const move = useMoveEntries(({ done, failures }) => {
    onMoved();
    setLeft(failures.map(({ item }) => item.entry));
    if (failures.length > 0) return;
    notifications.show({
      title: "Moved",
      message: `${countOf(done.map(({ entry }) => entry))} to ${target || "Files"}`,
    });
    onClose();
  });
  const moves = movesInto(left, target);
  const failures = move.data?.failures ?? [];
  const what = entries.length === 1 && first ? first.name : countOf(entries);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Move ${what}`}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
    >
      <Stack gap="md">
        <FolderPicker folder={target} moving={left} onOpen={setTarget} />
        <Failures
          title={`${failures.length} of ${entries.length} could not be moved`}
          failures={failures.map(({ item, error }) => ({ path: item.entry.path, error }))}
        />
        <ProblemAlert error={move.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {failures.length > 0 ? "Close" : "Cancel"}
          </Button>
          <Button disabled={moves.length === 0} loading={move.isPending} onClick={() => move.mutate(moves)}>
            {moves.length === 0 ? "Already here" : "Move here"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
