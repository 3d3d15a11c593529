import { Badge, Group, Text } from "@mantine/core";
import { type Column, DataTable } from "@/components/ui/data-table";
import { FileSize } from "@/components/ui/file-size";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { formatCount, splitDisplayName } from "@/lib/format";
import type { UserAction } from "../actions";
import type { Person } from "../api/list-users";
import { UserMenu } from "./user-menu";

interface Props {
  people: readonly Person[];
  onAction: (person: Person, action: UserAction) => void;
  onResetPassword: (person: Person) => void;
}

export function UserTable({ people, onAction, onResetPassword }: Props) {
  const columns: Column<Person>[] = [
    { header: "Name", cell: (person) => <Names person={person} /> },
    { header: "Role", width: 200, cell: (person) => <Roles person={person} /> },
    { header: "State", width: 112, cell: (person) => <State person={person} /> },
    { header: "Files", width: 80, numeric: true, cell: (person) => formatCount(person.files) },
    { header: "Size", width: 96, numeric: true, cell: (person) => <FileSize bytes={person.bytes} /> },
    { header: "Last seen", width: 128, cell: (person) => <LastSeen time={person.last_seen_at} /> },
    {
      header: "Actions",
      width: 52,
      quiet: true,
      cell: (person) => <UserMenu person={person} onAction={onAction} onResetPassword={onResetPassword} />,
    },
  ];
  return (
    <DataTable
      label="Users"
      columns={columns}
      rows={people}
      rowKey={(person) => person.id}
      isMuted={(person) => person.disabled}
    />
  );
}

function Names({ person }: { person: Person }) {
  const [name, occupation] = splitDisplayName(person.display_name);
  return (
    <div>
      <Text component="div" fw={500} lh={1.35}>
        {name}
      </Text>
      <Text component="div" size="xs" c="dimmed" lh={1.35}>
        {[person.username, occupation].filter(Boolean).join(" · ")}
      </Text>
    </div>
  );
}

function Roles({ person }: { person: Person }) {
  return (
    <Group gap={6}>
      <Badge color={person.superuser ? "indigo" : "gray"}>{person.superuser ? "Administrator" : "User"}</Badge>
      {person.demo && <Badge color="gray">Demo</Badge>}
    </Group>
  );
}

function State({ person }: { person: Person }) {
  if (person.disabled) return <StateBadge tone="bad">Disabled</StateBadge>;
  if (!person.has_password && !person.demo) return <StateBadge tone="warning">No password</StateBadge>;
  return <StateBadge tone="good">Active</StateBadge>;
}

function LastSeen({ time }: { time: string | null }) {
  return time ? (
    <RelativeTime time={time} />
  ) : (
    <Text component="span" c="dimmed">
      Never
    </Text>
  );
}
