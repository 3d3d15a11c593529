import { expect, it, vi } from "vitest";
import { unreachable } from "@/lib/http";
import { Outage } from "./outage";
import { passes, pauseSeconds } from "./retry";
import { problem } from "./testing";

it("waits for what passes by itself, and for nothing else", () => {
  expect(passes(unreachable())).toBe(true);
  for (const status of [408, 429, 502, 503, 504]) expect(passes(problem(status))).toBe(true);
  for (const status of [400, 401, 403, 409, 412, 413, 422, 500, 507]) expect(passes(problem(status))).toBe(false);
});

it("waits longer each time, and as long as the server asks", () => {
  expect([0, 1, 2, 3, 10].map((attempt) => pauseSeconds(attempt))).toEqual([1, 2, 4, 8, 30]);
  expect(pauseSeconds(0, 10)).toBe(10);
  expect(pauseSeconds(5, 10)).toBe(30);
});

it("asks again and again until the server answers, or at once on request", async () => {
  vi.useFakeTimers();
  let up = false;
  const asked: number[] = [];
  const over = vi.fn();
  const began = Date.now();
  const reachable = () => {
    asked.push((Date.now() - began) / 1000);
    return Promise.resolve(up);
  };
  const outage = new Outage({ reachable, onOver: over });
  outage.begin();
  outage.begin();
  await vi.advanceTimersByTimeAsync(16_000);
  expect(asked).toEqual([1, 3, 7, 15]);
  up = true;
  outage.hurry();
  await vi.advanceTimersByTimeAsync(0);
  expect(over).toHaveBeenCalledExactlyOnceWith(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(5);
  vi.useRealTimers();
});
