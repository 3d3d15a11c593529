import { Avatar, Badge, Box, Button, Divider, Group, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { ChevronsUpDown, LogOut } from "lucide-react";
import { initials, splitDisplayName } from "@/lib/format";
import type { User } from "../api/me";
import { useSignOut } from "../api/sign-out";
import { ThemeSwitch } from "./theme-switch";
import classes from "./user-menu.module.css";

interface Props {
  user: User;
  onSignedOut: () => void;
}

/** A dialog rather than a menu, for a menu may hold nothing but its items. */
export function UserMenu({ user, onSignedOut }: Props) {
  const signOut = useSignOut(onSignedOut);
  const [name, occupation] = splitDisplayName(user.display_name);
  return (
    <Popover position="top-start" width={208} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.button} aria-label={`Account of ${name}`}>
          <Avatar color="indigo" size={32} radius="xl" aria-hidden>
            {initials(user.display_name)}
          </Avatar>
          <Box className={classes.names}>
            <Text truncate fw={500} lh={1.3}>
              {name}
            </Text>
            <Text truncate size="xs" c="dimmed" lh={1.3}>
              {occupation ?? user.username}
            </Text>
          </Box>
          <ChevronsUpDown size={16} strokeWidth={1.75} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label="Account">
        <Stack gap={8}>
          <Group justify="space-between" wrap="nowrap" gap={6} px={4} pt={4}>
            <Text truncate size="xs" c="dimmed">
              {user.username}
            </Text>
            <Badge flex="none" color={user.role === "superuser" ? "indigo" : "gray"}>
              {user.role === "superuser" ? "Superuser" : "User"}
            </Badge>
          </Group>
          <ThemeSwitch fullWidth />
          <Divider mx={-8} />
          <Button
            variant="subtle"
            color="gray"
            fullWidth
            justify="flex-start"
            className={classes.action}
            leftSection={<LogOut size={16} strokeWidth={1.75} />}
            loading={signOut.isPending}
            onClick={() => signOut.mutate()}
          >
            Sign out
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
