import type { components } from "@/client/schema";
import type { Tone } from "@/components/ui/state-badge";

type Migration = components["schemas"]["MigrationJson"];
type State = Migration["state"];

/** Milliseconds between two looks. */
export const POLL_MS = { working: 1000, resting: 15_000 } as const;

export const STATES: Record<State, { label: string; tone: Tone }> = {
  planned: { label: "Planned", tone: "neutral" },
  running: { label: "Running", tone: "good" },
  paused: { label: "Paused", tone: "warning" },
  completed: { label: "Completed", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  rolling_back: { label: "Rolling back", tone: "warning" },
  rolled_back: { label: "Rolled back", tone: "good" },
};

/** One that left something behind wants to be looked at; older ones of that kind are called complete. */
export function toneOf({ state, failures, rollback }: Pick<Migration, "state" | "failures" | "rollback">): Tone {
  const left = state === "rolled_back" ? (rollback?.objects_failed ?? 0) : state === "completed" ? failures : 0;
  return left > 0 ? "warning" : STATES[state].tone;
}

/** What is where it should be in the end: in the new location, or in the old one again. */
export function countsOf(migration: Migration) {
  const { rollback } = migration;
  return rollback
    ? {
        objects: rollback.objects_back,
        totalObjects: rollback.objects,
        bytes: rollback.bytes_back,
        totalBytes: rollback.bytes,
      }
    : {
        objects: migration.objects_done,
        totalObjects: migration.objects_total,
        bytes: migration.bytes_done,
        totalBytes: migration.bytes_total,
      };
}

export function isWorking({ state }: Pick<Migration, "state">): boolean {
  return state === "running" || state === "rolling_back";
}

/** Limits can be changed, and it may go on. */
export function isOpen({ state }: Pick<Migration, "state">): boolean {
  return state === "running" || state === "paused" || state === "rolling_back";
}

type Counts = Pick<
  Migration,
  | "state"
  | "objects_total"
  | "objects_done"
  | "objects_skipped"
  | "failures"
  | "bytes_total"
  | "bytes_done"
  | "rollback"
>;

/** Parts of 100 that are done, by objects or bytes, whichever is behind: many small files, or few large ones. */
export function percentDone(counts: Counts): number {
  if (counts.state === "completed" || counts.state === "rolled_back") return 100;
  const { rollback } = counts;
  if (rollback) return Math.min(99, Math.floor(share(rollback.objects_back, rollback.objects) * 100));
  // while it runs the rest waits for nothing else; at the end what failed is what is missing
  const tried = counts.state === "failed" ? 0 : counts.failures;
  const objects = counts.objects_done + counts.objects_skipped + tried;
  // what was deleted meanwhile or could not be moved has no bytes to wait for
  const whole = counts.objects_skipped + counts.failures === 0;
  const shares = [
    share(objects, counts.objects_total),
    ...(whole ? [share(counts.bytes_done, counts.bytes_total)] : []),
  ];
  // never 100 before it is: the last look for late uploads comes after the last object
  return Math.min(99, Math.floor(Math.min(...shares) * 100));
}

function share(done: number, total: number): number {
  return total > 0 ? Math.min(Math.max(done / total, 0), 1) : 1;
}

/** Whether there is something in the manifest: it is written when all was tried. */
export function hasManifest({ state }: Pick<Migration, "state">): boolean {
  return state === "completed" || state === "failed";
}
