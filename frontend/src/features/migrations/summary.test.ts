import { expect, it } from "vitest";
import type { components } from "@/client/schema";
import { figuresOf, summaryOf } from "./summary";

type Migration = components["schemas"]["MigrationJson"];

const migration = (change: Partial<Migration>): Migration => ({
  id: "m",
  source: "a",
  target: "b",
  state: "completed",
  objects_total: 321,
  bytes_total: 5_000_000,
  objects_done: 321,
  bytes_done: 5_000_000,
  objects_skipped: 0,
  failures: 0,
  objects_per_second: null,
  bytes_per_second_now: null,
  eta_seconds: null,
  concurrency: 6,
  bytes_per_second: null,
  verify: "read",
  grace_seconds: 86_400,
  error: null,
  created_by: "admin",
  created_at: "2030-01-01T00:00:00Z",
  started_at: "2030-01-01T00:00:00Z",
  finished_at: "2030-01-01T00:00:50Z",
  took_seconds: 50,
  average_bytes_per_second: 100_000,
  rollback: null,
  plan: {},
  ...change,
});

const rollback = (change: Partial<NonNullable<Migration["rollback"]>>) =>
  migration({
    state: "rolled_back",
    objects_done: 1,
    bytes_done: 180_000,
    rollback: {
      objects: 321,
      bytes: 5_000_000,
      objects_back: 320,
      bytes_back: 4_820_000,
      objects_failed: 0,
      objects_deleted: 1,
      started_at: "2030-01-01T00:00:00Z",
      ...change,
    },
  });

it("calls a rollback what it is", () => {
  expect(summaryOf(rollback({}))).toBe("Rolled back. 320 of 321 files are back, 1 was deleted since.");
  expect(summaryOf(rollback({ objects_back: 321, objects_deleted: 0 }))).toBe("Rolled back. All 321 files are back.");
  expect(summaryOf(rollback({ objects_back: 319, objects_failed: 1 }))).toContain(
    "1 was deleted since, 1 stayed because the old copy is missing or damaged.",
  );
  expect(summaryOf(rollback({ objects_deleted: null }))).toContain("1 was deleted since or had no old copy.");
});

it("shows what came back, not what is left", () => {
  const figures = figuresOf(rollback({}));
  expect(figures).toEqual([
    ["Files", "320", "of 321"],
    ["Size", "4.82 MB", "of 5.00 MB"],
    ["Took", "50 s"],
    ["Average speed", "100 kB/s"],
  ]);
});

it("reads plainly in every state", () => {
  expect(summaryOf(migration({}))).toBe("All 321 files were moved and verified.");
  expect(summaryOf(migration({ objects_done: 320, objects_skipped: 1 }))).toBe(
    "320 files moved and verified. 1 file was deleted or changed meanwhile.",
  );
  expect(summaryOf(migration({ state: "failed", objects_done: 319, failures: 2 }))).toBe(
    "319 of 321 files were moved. 2 files could not be moved and stayed in the old location.",
  );
  expect(summaryOf(migration({ state: "cancelled", objects_done: 100 }))).toBe(
    "Cancelled. 100 of 321 files were moved and stay in the new location.",
  );
  expect(summaryOf(migration({ state: "paused", objects_done: 100 }))).toContain("Paused after 100 of 321 files.");
});

it("names the limit while it counts, and says nothing of time left at the end", () => {
  const names = (change: Partial<Migration>) => figuresOf(migration(change)).map(([name]) => name);
  expect(names({ state: "running", bytes_per_second: 1_000_000 })).toContain("Speed limit");
  expect(figuresOf({ ...rollback({}), state: "rolling_back", bytes_per_second: 1_000_000 })).toContainEqual([
    "Speed limit",
    "1.00 MB/s",
  ]);
  expect(names({ bytes_per_second: 1_000_000 })).toEqual(["Files", "Size", "Took", "Average speed"]);
});
