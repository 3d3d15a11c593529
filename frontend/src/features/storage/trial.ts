import type { components } from "@/client/schema";
import { ApiError } from "@/lib/http";

export type Step = components["schemas"]["StepJson"];

export interface Trial {
  state: "idle" | "running" | "done" | "failed";
  steps: readonly Step[];
  /** Whether the storage can be used; known at the end. */
  ok: boolean | null;
  /** Why the test itself could not be made or did not end. */
  error: ApiError | null;
}

export type TrialEvent =
  | { type: "start" }
  | { type: "step"; step: Step }
  | { type: "end"; ok: boolean }
  | { type: "stream-end" }
  | { type: "fail"; error: ApiError }
  | { type: "reset" };

export const idle: Trial = { state: "idle", steps: [], ok: null, error: null };

export function trialReducer(trial: Trial, event: TrialEvent): Trial {
  switch (event.type) {
    case "start":
      return { ...idle, state: "running" };
    case "step":
      return { ...trial, steps: [...trial.steps, event.step] };
    case "end":
      return { ...trial, state: "done", ok: event.ok };
    case "stream-end":
      // a stream that ends before its last line was cut off on the way
      return trial.state === "running" ? { ...trial, state: "failed", error: cutOff() } : trial;
    case "fail":
      return { ...trial, state: "failed", error: event.error };
    case "reset":
      return idle;
  }
}

/** What one line of the stream says: a step has a name, the last line has the result only. */
export function stepOrEnd(line: unknown): TrialEvent {
  const fields = line as Partial<Step> & { ok?: boolean | null };
  return typeof fields.name === "string"
    ? { type: "step", step: line as Step }
    : { type: "end", ok: fields.ok === true };
}

function cutOff(): ApiError {
  return new ApiError({
    status: 0,
    code: "cut_off",
    title: "Connection lost",
    detail: "The connection to the server was lost during the test.",
    hint: "Try again.",
  });
}

const LABELS: Record<string, string> = {
  resolve: "Find the host",
  connect: "Connect",
  tls: "Encrypt",
  clock: "Compare clocks",
  authenticate: "Sign in",
  credentials: "Sign in",
  bucket: "Open the bucket",
  list: "List files",
  folder: "Open the folder",
  space: "Check free space",
  put: "Write",
  head: "Look up",
  range_read: "Read a part",
  multipart: "Write in parts",
  presigned_fetch: "Fetch by presigned URL",
  delete: "Delete",
};

/** The step for reading; one that is new to this page keeps its own name. */
export function stepLabel(name: string): string {
  const known = LABELS[name];
  if (known) return known;
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The result in one line, also read aloud at the end. */
export function trialHeadline({ state, ok, steps }: Trial): string {
  if (state === "running") return "Testing…";
  if (state === "failed") return "The test did not end";
  const failed = steps.find((step) => step.ok === false);
  if (ok) return "Everything works";
  return failed ? `Stopped at: ${stepLabel(failed.name)}` : "The test found a problem";
}
