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

it("marks a completed move that left something behind", () => {
  expect([toneOf({ state: "completed", failures: 0 }), toneOf({ state: "completed", failures: 1 })]).toEqual([
    "good",
    "warning",
  ]);
});
