import { describe, expect, it } from "vitest";
import { problemFrom } from "@/lib/http";
import { idle, type Step, stepLabel, stepOrEnd, trialHeadline, trialReducer } from "./trial";

const step = (name: string, ok: boolean | null): Step => ({ name, ok, ms: 1, message: "", hint: null });

const after = (...lines: unknown[]) => lines.map(stepOrEnd).reduce(trialReducer, trialReducer(idle, { type: "start" }));

describe("a test", () => {
  it("collects its steps and ends with the result", () => {
    const trial = after(step("resolve", true), step("put", null), { ok: true });
    expect(trial).toMatchObject({ state: "done", ok: true, error: null });
    expect(trial.steps.map(({ name }) => name)).toEqual(["resolve", "put"]);
    expect(trialHeadline(trial)).toBe("Everything works");
  });

  it("names the step that failed", () => {
    expect(trialHeadline(after(step("resolve", true), step("bucket", false), { ok: false }))).toBe(
      "Stopped at: Open the bucket",
    );
  });

  it("is no success when the stream is cut off", () => {
    const trial = trialReducer(after(step("resolve", true)), { type: "stream-end" });
    expect(trial).toMatchObject({ state: "failed", ok: null, error: { code: "cut_off" } });
    expect(trialReducer(after({ ok: true }), { type: "stream-end" }).state).toBe("done");
  });

  it("keeps the problem when it could not be made, and forgets all at the next start", () => {
    const failed = trialReducer(after(step("a", true)), { type: "fail", error: problemFrom(422, {}) });
    expect(failed).toMatchObject({ state: "failed", error: { status: 422 } });
    expect(trialReducer(failed, { type: "start" })).toEqual({ ...idle, state: "running" });
    expect(trialReducer(failed, { type: "reset" })).toBe(idle);
  });
});

it("gives a step that it does not know its own name", () => {
  expect(stepLabel("range_read")).toBe("Read a part");
  expect(stepLabel("count_objects")).toBe("Count objects");
});
