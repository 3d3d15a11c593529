import { expect, test } from "vitest";
import { badgeOf, collectedText, findingsOf, isClean, percentDone } from "./state";

test("a check with findings is marked, whatever its state", () => {
  expect(badgeOf({ state: "completed", damages: 0 }).tone).toBe("good");
  expect(badgeOf({ state: "completed", damages: 1 }).tone).toBe("bad");
  expect(badgeOf({ state: "cancelled", damages: 0 })).toEqual({ label: "Cancelled", tone: "neutral" });
});

test("only a check that ended is at 100", () => {
  expect(percentDone({ state: "running", progress: 0.999 })).toBe(99);
  expect(percentDone({ state: "running", progress: 1 })).toBe(99);
  expect(percentDone({ state: "completed", progress: 1 })).toBe(100);
  expect(percentDone({ state: "cancelled", progress: 0.25 })).toBe(25);
});

test("new findings are another list", () => {
  const before = findingsOf([{ id: "a", state: "running", damages: 0 }]);
  expect(findingsOf([{ id: "a", state: "running", damages: 1 }])).not.toBe(before);
  expect(findingsOf([{ id: "a", state: "completed", damages: 0 }])).not.toBe(before);
});

test("what a plan and its end say", () => {
  expect(isClean({ orphans: 0, leftovers: 0 })).toBe(true);
  expect(isClean({ orphans: 0, leftovers: 1 })).toBe(false);
  expect(collectedText({ deleted: 1, bytes: 6, leftovers: 2 })).toBe("1 unused object and 2 upload leftovers deleted.");
});
