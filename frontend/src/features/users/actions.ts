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

/** What can be done with this user by one click and a confirmation, in the order of the menu. */
export function actionsFor(person: Person): UserAction[] {
  return [
    person.superuser ? demote(person) : promote(person),
    person.demo ? withdraw(person) : offer(person),
    person.disabled ? enable(person) : disable(person),
  ];
}

const promote = ({ username }: Person): UserAction => ({
  id: "promote",
  label: "Make superuser",
  question: `Make ${username} a superuser?`,
  effect: "Superusers see and change storage, environment and users.",
  done: `${username} is a superuser now.`,
  change: { superuser: true },
});

const demote = ({ username }: Person): UserAction => ({
  id: "demote",
  label: "Make ordinary user",
  question: `Take the administration from ${username}?`,
  effect: "Their files stay; the administration pages are gone for them at once.",
  done: `${username} is an ordinary user now.`,
  change: { superuser: false },
});

const offer = ({ username }: Person): UserAction => ({
  id: "offer",
  label: "Make demo user",
  question: `Make ${username} a demo user?`,
  effect: "In demo mode, everybody who reaches the sign-in page can sign in as this user, without a password.",
  done: `${username} is a demo user now.`,
  change: { demo: true },
});

const withdraw = ({ username }: Person): UserAction => ({
  id: "withdraw",
  label: "No longer a demo user",
  question: `Take ${username} off the demo users?`,
  effect: "The card on the sign-in page goes away. Without a password this user cannot sign in any more.",
  done: `${username} is no demo user any more.`,
  change: { demo: false },
});

const enable = ({ username }: Person): UserAction => ({
  id: "enable",
  label: "Enable",
  question: `Enable ${username} again?`,
  effect: "They can sign in again with the password they had.",
  done: `${username} can sign in again.`,
  change: { disabled: false },
});

const disable = ({ username }: Person): UserAction => ({
  id: "disable",
  label: "Disable",
  question: `Disable ${username}?`,
  effect:
    "They are signed out everywhere and their tokens are refused. Their files stay, and you can enable them again.",
  done: `${username} is disabled.`,
  change: { disabled: true },
});
