import { expect, it } from "vitest";
import type { Location } from "./api/list-locations";
import { canMoveAway, canRetire, reachability } from "./locations";

const location = (change: Partial<Location>) =>
  ({ state: "readable", objects: 0, copies: 0, reachable: true, ...change }) as Location;

it("lets an earlier location go when neither files nor copies are left", () => {
  expect(canRetire(location({}))).toBe(true);
  expect(canRetire(location({ copies: 1 }))).toBe(false);
  expect(canRetire(location({ objects: 1 }))).toBe(false);
  expect(canRetire(location({ state: "active" }))).toBe(false);
  expect(canRetire(location({ state: "spool" }))).toBe(false);
});

it("offers to move files from where new ones do not go", () => {
  expect(canMoveAway(location({ objects: 1 }))).toBe(true);
  expect(canMoveAway(location({ objects: 1, state: "active" }))).toBe(false);
  expect(canMoveAway(location({}))).toBe(false);
});

it("says whether it answers", () => {
  expect(reachability(location({}))).toBe("Reachable");
  expect(reachability(location({ reachable: false }))).toBe("Not reachable");
  expect(reachability(location({ state: "retired", reachable: false }))).toBe("No longer used");
});
