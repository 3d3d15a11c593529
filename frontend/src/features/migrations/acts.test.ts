import { expect, it } from "vitest";
import { actsFor } from "./acts";

const acts = (...[state, failures = 0, objects_done = 5]: [Parameters<typeof actsFor>[0]["state"], number?, number?]) =>
  actsFor({ state, failures, objects_done }).map(({ act }) => act);

it("offers what the state allows", () => {
  expect(acts("running")).toEqual(["pause", "rollback", "cancel"]);
  expect(acts("paused", 2)).toEqual(["resume", "retry", "rollback", "cancel"]);
  expect(acts("completed")).toEqual(["rollback"]);
  expect(acts("failed", 2)).toEqual(["retry", "rollback"]);
  expect(acts("failed", 2, 0)).toEqual(["retry"]);
  expect(acts("rolling_back")).toEqual([]);
  expect(acts("rolled_back", 3)).toEqual([]);
});

it("does not offer to take back what never moved", () => {
  expect(acts("cancelled", 0, 0)).toEqual([]);
});

it("asks before everything that a click does not undo", () => {
  const asked = actsFor({ state: "paused", failures: 1, objects_done: 1 }).filter(({ question }) => question !== null);
  expect(asked.map(({ act }) => act)).toEqual(["retry", "rollback", "cancel"]);
});
