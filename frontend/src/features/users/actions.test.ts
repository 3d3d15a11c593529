import { expect, it } from "vitest";
import { actionsFor } from "./actions";
import type { Person } from "./api/list-users";

const person: Person = {
  id: "1",
  username: "ada",
  display_name: "Ada",
  role: "user",
  superuser: false,
  demo: false,
  disabled: false,
  disabled_at: null,
  created_at: "2026-11-24T12:00:00Z",
  last_seen_at: null,
  has_password: true,
  files: 0,
  bytes: 0,
};

it("offers the opposite of what is", () => {
  const ids = (change: Partial<Person>) => actionsFor({ ...person, ...change }).map((action) => action.id);
  expect(ids({})).toEqual(["promote", "offer", "disable"]);
  expect(ids({ superuser: true, demo: true, disabled: true })).toEqual(["demote", "withdraw", "enable"]);
});

it("changes one thing each, and back again", () => {
  const changes = actionsFor(person).map((action) => action.change);
  const back = actionsFor({ ...person, superuser: true, demo: true, disabled: true }).map((action) => action.change);
  expect(changes).toEqual([{ superuser: true }, { demo: true }, { disabled: true }]);
  expect(back).toEqual([{ superuser: false }, { demo: false }, { disabled: false }]);
});
