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

/** A check that found damage has succeeded, but still needs attention. */
export function badgeOf({ state, damages }: Pick<Scrub, "state" | "damages">): { label: string; tone: Tone } {
  return damages > 0 ? { ...STATES[state], tone: "bad" } : STATES[state];
}

/** Shows 100 only when the check has finished. */
export function percentDone({ state, progress }: Pick<Scrub, "state" | "progress">): number {
  return state === "completed" ? 100 : Math.min(99, Math.floor(progress * 100));
}

/** A key that changes whenever a check finds something, so that the list of damage is reloaded. */
export function findingsOf(scrubs: readonly Pick<Scrub, "id" | "state" | "damages">[]): string {
  return scrubs.map(({ id, state, damages }) => `${id}:${state}:${damages}`).join(" ");
}

export function isClean({ orphans, leftovers }: Pick<GarbagePlan, "orphans" | "leftovers">): boolean {
  return orphans === 0 && leftovers === 0;
}

/** What was deleted; anything in use again by then was kept. */
export function collectedText({ deleted, leftovers }: Collected): string {
  return `${formatQuantity(deleted, "unused object")} and ${formatQuantity(leftovers, "upload leftover")} deleted.`;
}
