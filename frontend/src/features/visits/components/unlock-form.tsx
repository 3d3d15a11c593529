import { Button, Stack, Text, Title } from "@mantine/core";
import { Lock } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { PasswordField } from "@/components/ui/password-field";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useUnlock } from "../api/unlock";

/** Nothing is told about what is shared before the password is right. */
export function UnlockForm({ token }: { token: string }) {
  const [password, setPassword] = useState("");
  const unlock = useUnlock(token);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    unlock.mutate(password);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Stack gap="xs" align="center">
          <Lock size={36} strokeWidth={1.5} aria-hidden color="var(--mantine-color-dimmed)" />
          <Title order={1} ta="center">
            This link has a password
          </Title>
          <Text c="dimmed" ta="center">
            Ask the person who sent you the link for it.
          </Text>
        </Stack>
        <PasswordField label="Password" autoComplete="off" value={password} onChange={setPassword} />
        <ProblemAlert error={unlock.error} />
        <Button type="submit" loading={unlock.isPending} disabled={password === ""}>
          Open
        </Button>
      </Stack>
    </form>
  );
}
