import { expect, it } from "vitest";
import { planFacts, planWarnings } from "./plan";

const plan = {
  id: "p",
  source: "a",
  target: "b",
  objects: 1200,
  bytes: 3_000_000,
  missing: 0,
  corrupt: 0,
  measured_bytes_per_second: 1_000_000,
  estimated_seconds: 90,
  requests: 2400,
  free_bytes: null,
  enough_space: true,
  server_side_copy: false,
};

const fact = (label: string, change: object = {}) =>
  planFacts({ ...plan, ...change }).find((one) => one.label === label)?.value;

it("says what it measured, and when it could not", () => {
  expect(fact("Estimated time")).toBe("About 2 min, measured at 1.00 MB per second");
  expect(fact("Estimated time", { estimated_seconds: null })).toContain("Unknown");
  expect(fact("Free space")).toBe("Unknown");
  expect(fact("Requests", { requests: 0 })).toContain("local folders");
});

it("warns of what will not go well", () => {
  expect(planWarnings(plan)).toEqual([]);
  expect(planWarnings({ ...plan, enough_space: false, missing: 1 })).toHaveLength(2);
  expect(planWarnings({ ...plan, corrupt: 2 })[0]).toContain("2 files are missing or damaged");
  expect(planWarnings({ ...plan, measured_bytes_per_second: null })[0]).toContain("No file could be copied");
  expect(planWarnings({ ...plan, objects: 0, measured_bytes_per_second: null })).toEqual([]);
});
