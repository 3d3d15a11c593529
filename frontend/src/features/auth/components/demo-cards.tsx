import { Avatar, Badge, Loader, Stack, Text, UnstyledButton } from "@mantine/core";
import { ChevronRight } from "lucide-react";
import { initials, splitDisplayName } from "@/lib/format";
import type { DemoUser } from "../api/demo-users";
import classes from "./demo-cards.module.css";

interface Props {
  users: DemoUser[];
  /** The user whose card was clicked, until the server answers. */
  pending: string | null;
  onChoose: (username: string) => void;
}

export function DemoCards({ users, pending, onChoose }: Props) {
  return (
    <Stack component="ul" gap={8} className={classes.list}>
      {users.map((user) => (
        <li key={user.username}>
          <UnstyledButton className={classes.card} disabled={pending !== null} onClick={() => onChoose(user.username)}>
            <Avatar color={user.role === "superuser" ? "indigo" : "gray"} size={36} radius="xl" aria-hidden>
              {initials(user.display_name)}
            </Avatar>
            <span className={classes.names}>
              <Text component="span" truncate fw={500} lh={1.35}>
                {splitDisplayName(user.display_name)[0]}
              </Text>
              <Text component="span" truncate size="xs" c="dimmed" lh={1.35}>
                {splitDisplayName(user.display_name)[1] ?? user.username}
              </Text>
            </span>
            <Badge color={user.role === "superuser" ? "indigo" : "gray"}>
              {user.role === "superuser" ? "Administrator" : "User"}
            </Badge>
            {pending === user.username ? (
              <Loader size={16} aria-label="Signing in" />
            ) : (
              <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
            )}
          </UnstyledButton>
        </li>
      ))}
    </Stack>
  );
}
