import type { Tone } from "@/components/ui/state-badge";
import type { Change } from "./api/list-changes";

/** What became of a change, for whoever looks at a list of them. */
export function stateOf({ state, expired }: Pick<Change, "state" | "expired">): { tone: Tone; label: string } {
  return expired ? { tone: "warning", label: "Undone automatically" } : STATES[state];
}

const STATES: Record<Change["state"], { tone: Tone; label: string }> = {
  applied: { tone: "good", label: "Applied" },
  waiting: { tone: "warning", label: "Waiting" },
  confirmed: { tone: "good", label: "Kept" },
  reverted: { tone: "neutral", label: "Undone" },
  failed: { tone: "bad", label: "Failed" },
};

type Ended = Pick<Change, "state" | "expired" | "ended_by" | "problem">;

/** How it ended, as a sentence; null while it has not, or where there was nothing to wait for. */
export function endingOf({ state, expired, ended_by, problem }: Ended): string | null {
  if (expired) return "Undone automatically: not confirmed in time";
  if (state === "confirmed") return ended_by ? `Kept by ${ended_by}` : "Kept";
  if (state === "reverted") return ended_by ? `Undone by ${ended_by}` : "Undone";
  return state === "failed" ? (problem ?? "Failed") : null;
}

/** Seconds until it undoes itself, by the clock of the server when it answered. */
export function secondsLeft({ seconds_left }: Pick<Change, "seconds_left">, answeredAt: number, now: number): number {
  return Math.max(0, Math.ceil((seconds_left ?? 0) - (now - answeredAt) / 1000));
}

const NEWS_MS = 10 * 60_000;

/** Whether the end of a change is still worth a notice to somebody who opens the page. */
export function isNews({ ended_at }: Pick<Change, "ended_at">, now: number): boolean {
  return ended_at !== null && Math.abs(now - Date.parse(ended_at)) < NEWS_MS;
}
