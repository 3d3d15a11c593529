import { Avatar, Badge, Box, Button, Divider, Group, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { LogOut, Settings } from "lucide-react";
import { initials, splitDisplayName } from "@/lib/format";
import type { User } from "../api/me";
import { useSignOut } from "../api/sign-out";
import { ThemeSwitch } from "./theme-switch";
import classes from "./user-menu.module.css";

interface Props {
  user: User;
  settingsPath: string;
  onSignedOut: () => void;
}

const ITEM = {
  variant: "subtle",
  color: "gray",
  fullWidth: true,
  justify: "flex-start",
  className: classes.action ?? "",
} as const;

/** A dialog rather than a menu, because a menu may contain only menu items. */
export function UserMenu({ user, settingsPath, onSignedOut }: Props) {
  const [opened, { close, toggle }] = useDisclosure();
  const signOut = useSignOut(onSignedOut);
  const [name, occupation] = splitDisplayName(user.display_name);
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-end"
      width={240}
      shadow="md"
      trapFocus
      returnFocus
      withinPortal={false}
    >
      <Popover.Target>
        <UnstyledButton className={classes.button} aria-label={`Account of ${name}`} onClick={toggle}>
          <Avatar color="indigo" size={32} radius="xl" aria-hidden>
            {initials(user.display_name)}
          </Avatar>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label="Account">
        <Stack gap={8}>
          <Group justify="space-between" wrap="nowrap" gap={6} px={8} pt={4}>
            <Box miw={0}>
              <Text truncate fw={500} lh={1.35}>
                {name}
              </Text>
              <Text truncate size="xs" c="dimmed" lh={1.35}>
                {occupation ? `${user.username}, ${occupation}` : user.username}
              </Text>
            </Box>
            <Badge flex="none" color={user.role === "superuser" ? "indigo" : "gray"}>
              {user.role === "superuser" ? "Administrator" : "User"}
            </Badge>
          </Group>
          <ThemeSwitch fullWidth />
          <Divider mx={-8} />
          <Stack gap={0}>
            <Button
              {...ITEM}
              leftSection={<Settings size={16} strokeWidth={1.75} />}
              onClick={close}
              renderRoot={(props) => <Link to={settingsPath} {...props} />}
            >
              Settings
            </Button>
            <Button
              {...ITEM}
              leftSection={<LogOut size={16} strokeWidth={1.75} />}
              loading={signOut.isPending}
              onClick={() => signOut.mutate()}
            >
              Sign out
            </Button>
          </Stack>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
