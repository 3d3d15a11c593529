import { Button, Stack, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { PasswordField } from "@/components/ui/password-field";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { passwordProblem } from "@/lib/passwords";
import { useSetUp } from "../api/set-up";
import type { User } from "../api/me";

interface Props {
  token: string;
  onDone: (user: User) => void;
}

const NOTHING = { username: "admin", displayName: "", password: "", again: "" };

/** Creates the first administrator. */
export function SetupForm({ token, onDone }: Props) {
  const [fields, setFields] = useState(NOTHING);
  const [checked, setChecked] = useState(false);
  const setUp = useSetUp(onDone);
  const set = (change: Partial<typeof NOTHING>) => setFields({ ...fields, ...change });
  const tooShort = passwordProblem(fields.password);
  const different = fields.password === fields.again ? null : "The passwords do not match.";
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setChecked(true);
    if (tooShort || different || !fields.username.trim()) return;
    const displayName = fields.displayName.trim() || null;
    setUp.mutate({ token, username: fields.username.trim(), password: fields.password, display_name: displayName });
  };
  return (
    <form onSubmit={submit} aria-label="Set up" noValidate>
      <Stack gap="sm">
        <TextInput
          label="User name"
          description="Lowercase letters, digits and . _ -"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          error={checked && !fields.username.trim() ? "Enter a user name." : undefined}
          value={fields.username}
          onChange={(event) => set({ username: event.currentTarget.value })}
        />
        <TextInput
          label="Display name"
          description="The name other users see. You can add it later."
          autoComplete="name"
          value={fields.displayName}
          onChange={(event) => set({ displayName: event.currentTarget.value })}
        />
        <PasswordField
          label="Password"
          description="At least 8 characters."
          autoComplete="new-password"
          error={checked ? tooShort : null}
          value={fields.password}
          onChange={(password) => set({ password })}
        />
        <PasswordField
          label="Confirm password"
          autoComplete="new-password"
          error={checked && !tooShort ? different : null}
          value={fields.again}
          onChange={(again) => set({ again })}
        />
        <ProblemAlert error={setUp.error} />
        <Button type="submit" fullWidth mt={4} loading={setUp.isPending}>
          Create administrator
        </Button>
      </Stack>
    </form>
  );
}
