import { Button, Stack, Text, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import { meQuery } from "@/features/auth/api/me";
import { useTitle } from "../title";

/** Shows the page to administrators; everybody else sees why it is not available. */
export function SuperuserOnly() {
  const { data: user } = useSuspenseQuery(meQuery);
  const allowed = user?.role === "superuser";
  useTitle(allowed ? null : "For administrators");
  if (allowed) return <Outlet />;
  return (
    <Stack align="center" gap="xs" py={72}>
      <ShieldAlert size={36} strokeWidth={1.5} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={1}>This page is for administrators</Title>
      <Text c="dimmed" ta="center" maw={420} mb="sm">
        You are signed in as {user?.username}, who is not an administrator. Ask an administrator if you need access.
      </Text>
      <Button variant="default" renderRoot={(props) => <Link to="/files" {...props} />}>
        Go to your files
      </Button>
    </Stack>
  );
}
