import { Button, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type SyntheticEvent, useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { type Profile, useUpdateProfile } from "../api/update-profile";

interface Props {
  profile: Profile;
  onUpdated: (profile: Profile) => void;
}

export function ProfileForm({ profile, onUpdated }: Props) {
  const [name, setName] = useState(profile.display_name);
  const update = useUpdateProfile((updated) => {
    onUpdated(updated);
    setName(updated.display_name);
    notifications.show({ title: "Saved", message: "Your profile has been updated.", color: "green" });
  });
  const unchanged = name.trim() === profile.display_name;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    update.mutate(name.trim());
  };
  return (
    <form onSubmit={submit} aria-label="Profile">
      <Stack gap="md" maw={480}>
        <TextInput
          label="User name"
          description="You sign in with this name. It cannot be changed."
          value={profile.username}
          readOnly
          variant="filled"
        />
        <TextInput
          label="Display name"
          description="The name other users see. You can add your role after a comma: Ada Lovelace, data scientist"
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ProblemAlert error={update.error} />
        <Group>
          <Button type="submit" loading={update.isPending} disabled={unchanged || name.trim() === ""}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
