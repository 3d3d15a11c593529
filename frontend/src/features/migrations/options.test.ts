import { expect, it } from "vitest";
import { bodyOf, DEFAULTS, problemsOf, rateBytes, rateField } from "./options";

it("sends bytes and seconds for megabytes and hours", () => {
  const ends = { source: "a", target: "b", plan_id: "p" };
  expect(bodyOf(ends, { ...DEFAULTS, rate: 2.5, grace: "2" })).toEqual({
    ...ends,
    concurrency: 6,
    bytes_per_second: 2_500_000,
    verify: "read",
    grace_seconds: 7200,
  });
  expect(bodyOf(ends, DEFAULTS).bytes_per_second).toBeNull();
});

it("finds what is wrong with each field", () => {
  expect(problemsOf(DEFAULTS)).toEqual({});
  expect(Object.keys(problemsOf({ ...DEFAULTS, concurrency: 33, rate: 0, grace: -1 }))).toEqual([
    "concurrency",
    "rate",
    "grace",
  ]);
  expect(Object.keys(problemsOf({ concurrency: "", rate: "" }))).toEqual(["concurrency"]);
});

it("shows a limit as it was typed", () => {
  expect(rateField(rateBytes("0.3"))).toBe(0.3);
  expect(rateField(null)).toBe("");
});
