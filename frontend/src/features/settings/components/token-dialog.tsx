import { Button, Group, Modal, NativeSelect, Stack, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useCreateToken } from "../api/create-token";
import { LIFETIMES, lifetimeSeconds } from "../expiry";
import { choices, scopesOf } from "../rights";
import { NewTokenView } from "./new-token-view";

interface TokenDialogProps {
  opened: boolean;
  superuser: boolean;
  onClose: () => void;
}

/** Asks for a name, permissions and an expiry, then shows the secret: the only time it can be seen. */
export function TokenDialog({ opened, superuser, onClose }: TokenDialogProps) {
  const create = useCreateToken();
  const [name, setName] = useState("");
  const [lifetime, setLifetime] = useState("90");
  const [chosen, setChosen] = useState("all");
  const [folder, setFolder] = useState("");
  const offered = choices({ superuser, folder: folder.trim() });
  const right = offered.some(({ value }) => value === chosen) ? chosen : "all";
  const close = () => {
    onClose();
    create.reset();
    setName("");
    setChosen("all");
    setFolder("");
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    create.mutate({
      name: name.trim(),
      expires_in: lifetimeSeconds(lifetime),
      scopes: scopesOf(right),
      folder: folder.trim() || null,
    });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      // an accidental click outside must not close the only view of the secret
      closeOnClickOutside={!create.data}
      closeOnEscape={!create.data}
      size="lg"
      title={create.data ? "Copy your token now" : "New token"}
      styles={{ title: { fontWeight: 600 } }}
    >
      {create.data ? (
        <NewTokenView token={create.data} onDone={close} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              label="Name"
              description="A name to recognise it by, such as where it is used."
              placeholder="Training job on gpu-3"
              data-autofocus
              required
              withAsterisk={false}
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <NativeSelect
              label="Permissions"
              data={offered.map(({ value, label }) => ({ value, label }))}
              value={right}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
            <TextInput
              label="Folder"
              description="Limits the token to this folder. Leave empty for all your folders."
              placeholder="datasets/training"
              maxLength={2000}
              value={folder}
              onChange={(event) => setFolder(event.currentTarget.value)}
            />
            <NativeSelect
              label="Expires after"
              data={LIFETIMES.map(({ value, label }) => ({ value, label }))}
              value={lifetime}
              onChange={(event) => setLifetime(event.currentTarget.value)}
            />
            <ProblemAlert error={create.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
                Create token
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
