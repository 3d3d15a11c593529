import { focusManager } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, problemFrom, unreachable } from "@/lib/http";
import { createQueryClient } from "./query-client";

const hooks = { onSessionEnd: vi.fn(), onChange: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  focusManager.setFocused(undefined);
  vi.useRealTimers();
});

/** When, in milliseconds, the server was asked within the first 30 seconds. */
async function askedAt(error: Error, alter: () => void = () => undefined): Promise<number[]> {
  const begin = Date.now();
  const asked: number[] = [];
  const queryFn = () => {
    asked.push(Date.now() - begin);
    return Promise.reject(error);
  };
  const queryClient = createQueryClient(hooks);
  queryClient.query({ queryKey: ["x"], queryFn }).catch(() => undefined);
  alter();
  await vi.advanceTimersByTimeAsync(30_000);
  queryClient.clear();
  return asked;
}

it.each([unreachable(), problemFrom(502, "no"), problemFrom(503, "no"), problemFrom(504, ""), problemFrom(503, {})])(
  "asks again while nobody answers, ever more seldom: %s",
  async (error) => {
    expect(await askedAt(error)).toEqual([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500]);
  },
);

it.each([401, 403, 404, 409, 422, 429, 500, 507])("takes status %d for an answer", async (status) => {
  expect(await askedAt(new ApiError({ status, code: "no", title: "No" }))).toEqual([0]);
});

it("takes what the service itself says of a damaged file for an answer", async () => {
  expect(await askedAt(problemFrom(502, { code: "corrupt_object" }))).toEqual([0]);
});

it("asks nothing while nobody looks", async () => {
  expect(await askedAt(unreachable(), () => focusManager.setFocused(false))).toEqual([0]);
});
