import type { Tone } from "@/components/ui/state-badge";
import { formatQuantity } from "@/lib/format";
import type { Collected } from "./api/collect-garbage";
import type { GarbagePlan } from "./api/plan-garbage";
import type { Scrub } from "./api/list-scrubs";

const STATES: Record<Scrub["state"], { label: string; tone: Tone }> = {
  running: { label: "Running", tone: "good" },
  completed: { label: "Completed", tone: "good" },
  cancelled: { label: "Cancelled", tone: "neutral" },
};

/** A check that found something has done its work, and yet wants to be looked at. */
export function badgeOf({ state, damages }: Pick<Scrub, "state" | "damages">): { label: string; tone: Tone } {
  return damages > 0 ? { ...STATES[state], tone: "bad" } : STATES[state];
}

/** Never 100 before it is. */
export function percentDone({ state, progress }: Pick<Scrub, "state" | "progress">): number {
  return state === "completed" ? 100 : Math.min(99, Math.floor(progress * 100));
}

/** Which findings there are: where it is another text, the list of damages is another one. */
export function findingsOf(scrubs: readonly Pick<Scrub, "id" | "state" | "damages">[]): string {
  return scrubs.map(({ id, state, damages }) => `${id}:${state}:${damages}`).join(" ");
}

export function isClean({ orphans, leftovers }: Pick<GarbagePlan, "orphans" | "leftovers">): boolean {
  return orphans === 0 && leftovers === 0;
}

/** What is gone; what was in use again by then stayed. */
export function collectedText({ deleted, leftovers }: Collected): string {
  return `${formatQuantity(deleted, "unused object")} and ${formatQuantity(leftovers, "upload leftover")} deleted.`;
}
