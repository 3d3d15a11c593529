import { Avatar, Badge, Box, Group, Menu, Text, UnstyledButton } from "@mantine/core";
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

export function UserMenu({ user, onSignedOut }: Props) {
  const signOut = useSignOut(onSignedOut);
  const [name, occupation] = splitDisplayName(user.display_name);
  return (
    <Menu position="top-start" width={208} shadow="md">
      <Menu.Target>
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
      </Menu.Target>
      <Menu.Dropdown>
        <Group px={12} py={8} gap={6}>
          <Badge color={user.role === "superuser" ? "indigo" : "gray"}>
            {user.role === "superuser" ? "Superuser" : "User"}
          </Badge>
          {user.demo && <Badge color="gray">Demo</Badge>}
        </Group>
        <Box px={12} pb={8}>
          <ThemeSwitch fullWidth />
        </Box>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} strokeWidth={1.75} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
