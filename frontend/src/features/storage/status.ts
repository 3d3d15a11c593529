import type { Tone } from "@/components/ui/state-badge";
import { formatBytes } from "@/lib/format";
import type { StorageInfo } from "./api/storage-info";

const STATUS: Record<StorageInfo["status"], { label: string; tone: Tone; text: string }> = {
  ok: { label: "Works", tone: "good", text: "Files can be read and written." },
  degraded: { label: "Degraded", tone: "warning", text: "The storage accepts no files. New files wait in the spool." },
  down: { label: "Down", tone: "bad", text: "The storage cannot be reached. Its files cannot be read." },
};

/** Of the storage as it runs; a full disk of this machine has words of its own. */
export function stateOf({ status, spool, disks }: StorageInfo): { label: string; tone: Tone; text: string } {
  const disk = disks.find(({ full }) => full);
  if (status !== "degraded" || spool.reason !== null || !disk) return STATUS[status];
  const free = `${formatBytes(disk.free_bytes)} free, and ${formatBytes(disk.reserve_bytes)} are reserved`;
  const text = `The disk for ${disk.holds.join(", ")} has ${free} for the database. Delete files to upload new ones.`;
  return { label: "Disk full", tone: "warning", text };
}

const LOCATION_TONES: Record<string, Tone> = {
  active: "good",
  readable: "neutral",
  spool: "warning",
  retired: "neutral",
};

export function locationTone(state: string): Tone {
  return LOCATION_TONES[state] ?? "neutral";
}

/** The spool is in use, is being emptied, or rests. */
export function spoolState({ objects, reason }: StorageInfo["spool"]): { label: string; tone: Tone } {
  if (reason !== null) return { label: "In use", tone: "warning" };
  return objects > 0 ? { label: "Being emptied", tone: "good" } : { label: "Empty", tone: "neutral" };
}

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const OPERATIONS: Record<string, string> = {
  put: "Write",
  get: "Read",
  stat: "Look up",
  head: "Look up",
  delete: "Delete",
  list: "List",
  copy: "Copy",
};

export function operationLabel(operation: string): string {
  return OPERATIONS[operation] ?? capitalised(operation.replaceAll("_", " "));
}

/** Parts of 100 that are taken, where the storage tells its size. */
export function usedPercent({ free_bytes: free, total_bytes: total }: StorageInfo): number | null {
  if (free === null || total === null || total <= 0) return null;
  return Math.round(((total - free) / total) * 100);
}
