import type { UserChange } from "./api/change-user";
import type { Person } from "./api/list-users";

export interface UserAction {
  id: "promote" | "demote" | "offer" | "withdraw" | "enable" | "disable";
  label: string;
  question: string;
  effect: string;
  done: string;
  change: UserChange;
}

/** The actions for this user that need only a confirmation, in the order of the menu. */
export function actionsFor(person: Person): UserAction[] {
  return [
    person.superuser ? demote(person) : promote(person),
    person.demo ? withdraw(person) : offer(person),
    person.disabled ? enable(person) : disable(person),
  ];
}

const promote = ({ username }: Person): UserAction => ({
  id: "promote",
  label: "Make administrator",
  question: `Make ${username} an administrator?`,
  effect: "Administrators can see and change storage, environment and users.",
  done: `${username} is now an administrator.`,
  change: { superuser: true },
});

const demote = ({ username }: Person): UserAction => ({
  id: "demote",
  label: "Remove administrator role",
  question: `Remove the administrator role from ${username}?`,
  effect: "They keep their files but lose access to the administration pages immediately.",
  done: `${username} is no longer an administrator.`,
  change: { superuser: false },
});

const offer = ({ username }: Person): UserAction => ({
  id: "offer",
  label: "Make demo user",
  question: `Make ${username} a demo user?`,
  effect: "In demo mode, anyone who can open the sign-in page can sign in as this user without a password.",
  done: `${username} is now a demo user.`,
  change: { demo: true },
});

const withdraw = ({ username }: Person): UserAction => ({
  id: "withdraw",
  label: "Remove from demo users",
  question: `Remove ${username} from the demo users?`,
  effect: "Their card disappears from the sign-in page. Without a password, they can no longer sign in.",
  done: `${username} is no longer a demo user.`,
  change: { demo: false },
});

const enable = ({ username }: Person): UserAction => ({
  id: "enable",
  label: "Enable",
  question: `Enable ${username}?`,
  effect: "They can sign in again with their old password.",
  done: `${username} can sign in again.`,
  change: { disabled: false },
});

const disable = ({ username }: Person): UserAction => ({
  id: "disable",
  label: "Disable",
  question: `Disable ${username}?`,
  effect:
    "They will be signed out everywhere and their tokens will stop working. Their files are kept, and you can enable them again.",
  done: `${username} has been disabled.`,
  change: { disabled: true },
});
