import { expect, it } from "vitest";
import { curlLine, isExpired, lifetimeSeconds } from "./expiry";

it("turns a choice into seconds", () => {
  expect(lifetimeSeconds("7")).toBe(604_800);
  expect(lifetimeSeconds("never")).toBeNull();
});

it("knows what has expired", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  expect(isExpired("2026-11-24T12:00:00Z", now)).toBe(true);
  expect(isExpired("2026-11-24T12:00:01Z", now)).toBe(false);
  expect(isExpired(null, now)).toBe(false);
});

it("writes a line that a shell takes as it is", () => {
  expect(curlLine("http://box.lan:8000", "ais_x")).toBe(
    'curl -H "Authorization: Bearer ais_x" http://box.lan:8000/api/files',
  );
});
