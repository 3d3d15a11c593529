import { Alert, Button, Stack, Text } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Info, Plus } from "lucide-react";
import { useState } from "react";
import { Section } from "@/components/ui/section";
import { meQuery } from "@/features/auth/api/me";
import { ThemeSwitch } from "@/features/auth/components/theme-switch";
import { PasswordSection } from "@/features/settings/components/password-section";
import { ProfileForm } from "@/features/settings/components/profile-form";
import { SessionList } from "@/features/settings/components/session-list";
import { TokenDialog } from "@/features/settings/components/token-dialog";
import { TokenList } from "@/features/settings/components/token-list";

export function ProfileSettings() {
  const { data: user } = useSuspenseQuery(meQuery);
  const queryClient = useQueryClient();
  if (!user) return null;
  return (
    <Section title="Profile">
      <ProfileForm profile={user} onUpdated={(updated) => queryClient.setQueryData(meQuery.queryKey, updated)} />
    </Section>
  );
}

export function PasswordSettings() {
  const { data: user } = useSuspenseQuery(meQuery);
  return (
    <Section title="Password" description="Changing your password signs you out everywhere else.">
      <Stack gap="md">
        {user?.demo && (
          <Alert color="gray" icon={<Info size={18} strokeWidth={1.75} />} title="You are a demo user">
            Demo users sign in with one click and may not have a password. An administrator can set one.
          </Alert>
        )}
        <PasswordSection />
      </Stack>
    </Section>
  );
}

export function TokenSettings() {
  const { data: user } = useSuspenseQuery(meQuery);
  const [creating, setCreating] = useState(false);
  const button = (variant: "filled" | "default") => (
    <Button variant={variant} leftSection={<Plus size={16} strokeWidth={1.75} />} onClick={() => setCreating(true)}>
      New token
    </Button>
  );
  return (
    <Section
      title="API tokens"
      description="For scripts and the command line. A token has the same permissions as you, or fewer."
      action={button("filled")}
    >
      <TokenList emptyAction={button("default")} />
      <TokenDialog opened={creating} superuser={user?.role === "superuser"} onClose={() => setCreating(false)} />
    </Section>
  );
}

export function SessionSettings() {
  return (
    <Section title="Sessions" description="Devices where you are signed in. Sign out any you do not recognise.">
      <SessionList />
    </Section>
  );
}

export function AppearanceSettings() {
  return (
    <Section title="Appearance">
      <Stack gap="xs" align="flex-start">
        <Text>Theme</Text>
        <ThemeSwitch labelled />
        <Text size="xs" c="dimmed">
          Saved in this browser.
        </Text>
      </Stack>
    </Section>
  );
}
