import { expect, it } from "vitest";
import { hasManifest, isOpen, isWorking, percentDone, toneOf } from "./state";

const counts = {
  state: "running",
  objects_total: 10,
  objects_done: 5,
  objects_skipped: 0,
  failures: 0,
  bytes_total: 1000,
  bytes_done: 900,
  rollback: null,
} as const;

it("shows whichever is behind, objects or bytes", () => {
  expect(percentDone(counts)).toBe(50);
  expect(percentDone({ ...counts, objects_done: 9, bytes_done: 100 })).toBe(10);
});

it("does not wait for the bytes of what was skipped or failed", () => {
  expect(percentDone({ ...counts, objects_done: 7, objects_skipped: 1, failures: 1, bytes_done: 10 })).toBe(90);
});

it("is never all before it is completed, and always then", () => {
  expect(percentDone({ ...counts, objects_done: 10, bytes_done: 1000 })).toBe(99);
  expect(percentDone({ ...counts, state: "completed", bytes_done: 1 })).toBe(100);
  expect(percentDone({ ...counts, objects_done: -3, bytes_done: -3 })).toBe(0);
  expect(percentDone({ ...counts, objects_total: 0, objects_done: 0, bytes_total: 0, bytes_done: 0 })).toBe(99);
});

it("does not count what failed when all was tried", () => {
  expect(percentDone({ ...counts, state: "failed", objects_done: 8, failures: 2, bytes_done: 800 })).toBe(80);
  expect(hasManifest({ state: "failed" })).toBe(true);
  expect(hasManifest({ state: "cancelled" })).toBe(false);
});

it("knows what works and what may go on", () => {
  expect([isWorking({ state: "rolling_back" }), isWorking({ state: "paused" })]).toEqual([true, false]);
  expect([isOpen({ state: "paused" }), isOpen({ state: "completed" })]).toEqual([true, false]);
});

it("marks a completed migration that left something behind", () => {
  const tone = (failures: number) => toneOf({ state: "completed", failures, rollback: null });
  expect([tone(0), tone(1)]).toEqual(["good", "warning"]);
});

it("shows a rollback by what is back, and marks it only where something had to stay", () => {
  const rollback = { objects: 10, bytes: 1, objects_back: 4, bytes_back: 1, objects_failed: 0, objects_deleted: null };
  const back = { ...rollback, started_at: null };
  expect(percentDone({ ...counts, state: "rolling_back", rollback: back })).toBe(40);
  expect(percentDone({ ...counts, state: "rolled_back", rollback: back })).toBe(100);
  expect(toneOf({ state: "rolled_back", failures: 2, rollback: back })).toBe("good");
  expect(toneOf({ state: "rolled_back", failures: 0, rollback: { ...back, objects_failed: 1 } })).toBe("warning");
});
