import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type SyntheticEvent, useState } from "react";
import { PasswordField } from "@/components/ui/password-field";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { passwordProblem } from "@/lib/passwords";
import { useCreateUser } from "../api/create-user";

const NOTHING = { username: "", displayName: "", password: "", superuser: false, demo: false };

export function CreateUserForm({ onClose }: { onClose: () => void }) {
  const [fields, setFields] = useState(NOTHING);
  const create = useCreateUser((person) => {
    notifications.show({ title: "User created", message: person.username, color: "green" });
    onClose();
  });
  const set = (change: Partial<typeof NOTHING>) => setFields({ ...fields, ...change });
  const tooShort = fields.password === "" ? null : passwordProblem(fields.password);
  const canSignIn = fields.demo || fields.password !== "";
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const { username, displayName, password, superuser, demo } = fields;
    create.mutate({
      username: username.trim(),
      display_name: displayName.trim() || null,
      password: password || null,
      superuser,
      demo,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="User name"
          description="Lowercase letters, digits and . _ -"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          required
          withAsterisk={false}
          value={fields.username}
          onChange={(event) => set({ username: event.currentTarget.value })}
        />
        <TextInput
          label="Display name"
          description="The name other users see. Defaults to the user name."
          autoComplete="off"
          value={fields.displayName}
          onChange={(event) => set({ displayName: event.currentTarget.value })}
        />
        <PasswordField
          label="Password"
          description="At least 8 characters. They can change it in their settings."
          autoComplete="new-password"
          required={!fields.demo}
          error={tooShort}
          value={fields.password}
          onChange={(password) => set({ password })}
        />
        <Checkbox
          label="Administrator"
          description="Can see and change storage, environment and users."
          checked={fields.superuser}
          onChange={(event) => set({ superuser: event.currentTarget.checked })}
        />
        <Checkbox
          label="Demo user"
          description="In demo mode, anyone can sign in as this user without a password."
          checked={fields.demo}
          onChange={(event) => set({ demo: event.currentTarget.checked })}
        />
        <ProblemAlert error={create.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={create.isPending}
            disabled={fields.username.trim() === "" || !canSignIn || tooShort !== null}
          >
            Create user
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
