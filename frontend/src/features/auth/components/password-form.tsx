import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

interface Props {
  pending: boolean;
  /** Whether this is the main way to sign in; next to demo users it is not. */
  primary: boolean;
  onSubmit: (username: string, password: string) => void;
}

export function PasswordForm({ pending, primary, onSubmit }: Props) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSubmit(username, password);
  };
  return (
    <form onSubmit={submit} aria-label="Sign in with a password">
      <Stack gap="sm">
        <TextInput
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show password", tabIndex: 0, "aria-hidden": false }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth mt={4} loading={pending} variant={primary ? "filled" : "default"}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
