import { Button, Group, Modal, Progress, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { formatQuantity } from "@/lib/format";
import { useDeleteEntries } from "../api/delete-entries";
import { countOf, type Entry } from "../entries";
import { Failures } from "./failures";
import { ProblemAlert } from "./problem-alert";

interface Props {
  entries: readonly Entry[];
  onDeleted: (entries: readonly Entry[]) => void;
  onClose: () => void;
}

/** Deleting cannot be undone, so deleting whole folders needs a second confirmation. */
export function DeleteDialog({ entries, onDeleted, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [left, setLeft] = useState(entries);
  const remove = useDeleteEntries(({ done, failures }) => {
    onDeleted(done);
    setLeft(failures.map(({ item }) => item));
    if (failures.length > 0) return;
    notifications.show({ title: "Deleted", message: nameAll(entries), color: "green" });
    onClose();
  });
  const inFolders = left.reduce((sum, entry) => sum + (entry.type === "folder" ? entry.folder.files : 0), 0);
  const word = inFolders === 0 ? null : left.length === 1 ? (left[0]?.name ?? "") : "delete";
  const failures = remove.data?.failures ?? [];
  const what = entries.length === 1 ? `this ${entries[0]?.type ?? "file"}` : countOf(entries);
  return (
    <Modal opened onClose={onClose} title={`Delete ${what}?`} styles={{ title: { fontWeight: 600 } }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate(left);
        }}
      >
        <Stack gap="md">
          <Text style={{ overflowWrap: "anywhere" }}>
            <Text component="span" fw={600}>
              {nameAll(left)}
            </Text>
            {inFolders > 0 && `, with ${formatQuantity(inFolders, "file")} in ${left.length === 1 ? "it" : "folders"},`}{" "}
            will be permanently deleted. This cannot be undone.
          </Text>
          {word !== null && (
            <TextInput
              label={
                <>
                  Type <b>{word}</b> to confirm
                </>
              }
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          <Failures
            title={`${failures.length} of ${entries.length} could not be deleted`}
            failures={failures.map(({ item, error }) => ({ path: item.path, error }))}
          />
          <ProblemAlert error={remove.error} />
          {remove.isPending && left.length > 1 && (
            <Progress value={(remove.ended / left.length) * 100} aria-label="Deleting" />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} data-autofocus={word === null || undefined}>
              {failures.length > 0 ? "Close" : "Cancel"}
            </Button>
            <Button type="submit" color="red" loading={remove.isPending} disabled={word !== null && typed !== word}>
              {failures.length > 0 ? "Try again" : "Delete"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function nameAll(entries: readonly Entry[]): string {
  const [first] = entries;
  return entries.length === 1 && first ? first.path : countOf(entries);
}
