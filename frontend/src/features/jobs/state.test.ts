import { expect, test } from "vitest";
import { isWorking, kindLabel, pathOf, percentDone, stateLabel, toneOf } from "./state";

test("kinds and states have words, also those to come", () => {
  expect(kindLabel({ kind: "scrub" })).toBe("Integrity check");
  expect(kindLabel({ kind: "roll_up" })).toBe("Roll up");
  expect(stateLabel({ state: "rolled_back" })).toBe("Rolled back");
  expect(toneOf({ state: "failed" })).toBe("bad");
  expect(toneOf({ state: "something" })).toBe("neutral");
});

test("where more is to be seen", () => {
  expect(pathOf({ id: "x", kind: "migration" })).toBe("/admin/migrations/x");
  expect(pathOf({ id: "x", kind: "scrub" })).toBe("/admin/maintenance");
  expect(pathOf({ id: "x", kind: "other" })).toBeNull();
});

test("how far it is", () => {
  expect(percentDone({ state: "running", progress: 1 })).toBe(99);
  expect(percentDone({ state: "completed", progress: 1 })).toBe(100);
  expect(percentDone({ state: "running", progress: null })).toBeNull();
  expect(isWorking({ state: "rolling_back" })).toBe(true);
  expect(isWorking({ state: "paused" })).toBe(false);
});
