import { Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type SyntheticEvent, useState } from "react";
import { PasswordField } from "@/components/ui/password-field";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useChangePassword } from "../api/change-password";
import { passwordProblem } from "@/lib/passwords";

const NOTHING = { current: "", wanted: "", again: "" };

export function PasswordSection() {
  const [fields, setFields] = useState(NOTHING);
  const [checked, setChecked] = useState(false);
  const change = useChangePassword(() => {
    setFields(NOTHING);
    setChecked(false);
    notifications.show({
      title: "Password changed",
      message: "You have been signed out everywhere else.",
      color: "green",
    });
  });
  const tooShort = passwordProblem(fields.wanted);
  const different = fields.again === fields.wanted ? null : "The passwords do not match.";
  const set = (name: keyof typeof NOTHING) => (value: string) => setFields({ ...fields, [name]: value });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!tooShort && !different) change.mutate({ current: fields.current, wanted: fields.wanted });
  };
  return (
    <form onSubmit={submit} aria-label="Change password" noValidate>
      <Stack gap="md" maw={480}>
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          value={fields.current}
          onChange={set("current")}
        />
        <PasswordField
          label="New password"
          description="At least 8 characters. A few random words are hard to guess and easy to remember."
          autoComplete="new-password"
          error={checked ? tooShort : null}
          value={fields.wanted}
          onChange={set("wanted")}
        />
        <PasswordField
          label="Confirm new password"
          autoComplete="new-password"
          error={checked && !tooShort ? different : null}
          value={fields.again}
          onChange={set("again")}
        />
        <ProblemAlert error={change.error} />
        <Group>
          <Button type="submit" loading={change.isPending} disabled={!fields.current || !fields.wanted}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
