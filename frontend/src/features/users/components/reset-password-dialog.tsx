import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type SyntheticEvent, useState } from "react";
import { PasswordField } from "@/components/ui/password-field";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { passwordProblem } from "@/lib/passwords";
import { useChangeUser } from "../api/change-user";
import type { Person } from "../api/list-users";

export function ResetPasswordDialog({ person, onClose }: { person: Person | null; onClose: () => void }) {
  return (
    <Modal
      opened={person !== null}
      onClose={onClose}
      title={`Set a new password for ${person?.username ?? ""}`}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
    >
      {person && <ResetPasswordForm person={person} onClose={onClose} />}
    </Modal>
  );
}

function ResetPasswordForm({ person, onClose }: { person: Person; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const change = useChangeUser((changed) => {
    notifications.show({
      title: "Password set",
      message: `Give ${changed.username} the new password.`,
      color: "green",
    });
    onClose();
  });
  const problem = password === "" ? null : passwordProblem(password);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate({ person, change: { password } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>They will be signed out everywhere. Give them the new password so that they can sign in again.</Text>
        <PasswordField
          label="New password"
          description="At least 8 characters."
          autoComplete="new-password"
          error={problem}
          value={password}
          onChange={setPassword}
        />
        <ProblemAlert error={change.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={password === "" || problem !== null}>
            Set password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
