import { expect, test } from "vitest";
import { ACTION_GROUPS, actionLabel } from "./actions";

test("known and unknown acts have words", () => {
  expect(actionLabel("sign_in")).toBe("Signed in");
  expect(actionLabel("moon_landing_planned")).toBe("Moon landing planned");
  expect(actionLabel("toString")).toBe("ToString");
});

test("each act stands in one group", () => {
  const all = ACTION_GROUPS.flatMap(([, labels]) => Object.keys(labels));
  expect(new Set(all).size).toBe(all.length);
});
