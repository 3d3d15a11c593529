import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { nameProblem } from "@/lib/paths";
import { ProblemAlert } from "./problem-alert";

interface Props {
  title: string;
  action: string;
  initial: string;
  pending: boolean;
  error: Error | null;
  onSubmit: (name: string) => void;
  onClose: () => void;
}

/** Asks for the name of a folder or file. The extension is left out of the initial selection. */
export function NameDialog({ title, action, initial, pending, error, onSubmit, onClose }: Props) {
  const [name, setName] = useState(initial);
  const [tried, setTried] = useState(false);
  const problem = nameProblem(name);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem) return;
    if (name === initial) onClose();
    else onSubmit(name);
  };
  return (
    <Modal opened onClose={onClose} title={title} styles={{ title: { fontWeight: 600 } }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && problem}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            onFocus={(event) => {
              const dot = initial.lastIndexOf(".");
              event.currentTarget.setSelectionRange(0, dot > 0 ? dot : initial.length);
            }}
          />
          <ProblemAlert error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={pending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
