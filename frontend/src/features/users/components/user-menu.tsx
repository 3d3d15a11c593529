import { ActionIcon, Menu } from "@mantine/core";
import {
  Ellipsis,
  KeyRound,
  type LucideIcon,
  Presentation,
  ShieldCheck,
  ShieldMinus,
  UserCheck,
  UserX,
} from "lucide-react";
import { actionsFor, type UserAction } from "../actions";
import type { Person } from "../api/list-users";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

const ICONS: Record<UserAction["id"], LucideIcon> = {
  promote: ShieldCheck,
  demote: ShieldMinus,
  offer: Presentation,
  withdraw: Presentation,
  enable: UserCheck,
  disable: UserX,
};

interface Props {
  person: Person;
  onAction: (person: Person, action: UserAction) => void;
  onResetPassword: (person: Person) => void;
}

export function UserMenu({ person, onAction, onResetPassword }: Props) {
  return (
    <Menu position="bottom-end" shadow="md" width={216}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${person.username}`}>
          <Ellipsis {...ICON} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<KeyRound {...ICON} />} onClick={() => onResetPassword(person)}>
          {person.has_password ? "Reset password" : "Set password"}
        </Menu.Item>
        {actionsFor(person).map((action) => {
          const Icon = ICONS[action.id];
          return (
            <Menu.Item key={action.id} leftSection={<Icon {...ICON} />} onClick={() => onAction(person, action)}>
              {action.label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
