import type { Tone } from "@/components/ui/state-badge";

interface Work {
  id: string;
  kind: string;
  state: string;
  progress: number | null;
}

const KINDS = new Map([
  ["migration", "Migration"],
  ["scrub", "Integrity check"],
]);

const TONES = new Map<string, Tone>([
  ["running", "good"],
  ["completed", "good"],
  ["failed", "bad"],
  ["paused", "warning"],
  ["rolling_back", "warning"],
]);

export function kindLabel({ kind }: Pick<Work, "kind">): string {
  return KINDS.get(kind) ?? words(kind);
}

export function stateLabel({ state }: Pick<Work, "state">): string {
  return words(state);
}

export function toneOf({ state }: Pick<Work, "state">): Tone {
  return TONES.get(state) ?? "neutral";
}

export function isWorking({ state }: Pick<Work, "state">): boolean {
  return state === "running" || state === "rolling_back";
}

/** The page with more about a job. */
export function pathOf({ id, kind }: Pick<Work, "id" | "kind">): string | null {
  if (kind === "migration") return `/admin/migrations/${id}`;
  return kind === "scrub" ? "/admin/maintenance" : null;
}

/** Shows 100 only when the job has finished; null if the progress is not known. */
export function percentDone({ state, progress }: Pick<Work, "state" | "progress">): number | null {
  if (progress === null) return null;
  return state === "completed" ? 100 : Math.min(99, Math.floor(progress * 100));
}

function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
