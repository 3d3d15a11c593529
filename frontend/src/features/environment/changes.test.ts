import { expect, it } from "vitest";
import type { Change } from "./api/list-changes";
import { endingOf, isNews, secondsLeft, stateOf } from "./changes";

const ended = (change: Partial<Change>) => ({
  state: "confirmed" as const,
  expired: false,
  ended_by: null,
  problem: null,
  ...change,
});

it("says how a change ended and by whom", () => {
  expect(endingOf(ended({ ended_by: "ada" }))).toBe("Kept by ada");
  expect(endingOf(ended({ state: "reverted", ended_by: "ada" }))).toBe("Undone by ada");
  expect(endingOf(ended({ state: "reverted" }))).toBe("Undone");
  expect(endingOf(ended({ state: "applied" }))).toBeNull();
  expect(endingOf(ended({ state: "failed", problem: "no file" }))).toBe("no file");
});

it("tells what undid itself from what somebody undid", () => {
  const expired = ended({ state: "reverted", expired: true, ended_by: "the service", problem: "any words" });
  expect(endingOf(expired)).toBe("Undone automatically: not confirmed in time");
  expect(stateOf(expired).label).toBe("Undone automatically");
  expect(stateOf(ended({ state: "reverted" })).label).toBe("Undone");
});

it("counts down by the clock of the server, to nothing and not further", () => {
  expect(secondsLeft({ seconds_left: 9.2 }, 1000, 1000)).toBe(10);
  expect(secondsLeft({ seconds_left: 9.2 }, 1000, 4000)).toBe(7);
  expect(secondsLeft({ seconds_left: 9.2 }, 1000, 60_000)).toBe(0);
});

it("takes what ended minutes ago for news, whatever the clocks say", () => {
  const now = Date.parse("2030-01-01T00:00:00Z");
  expect(isNews({ ended_at: "2029-12-31T23:55:00Z" }, now)).toBe(true);
  expect(isNews({ ended_at: "2030-01-01T00:02:00Z" }, now)).toBe(true);
  expect(isNews({ ended_at: "2029-12-31T20:00:00Z" }, now)).toBe(false);
  expect(isNews({ ended_at: null }, now)).toBe(false);
});
