import type { components } from "@/client/schema";
import { formatBytes, formatCount, formatDuration, formatQuantity } from "@/lib/format";
import { countsOf, isWorking, percentDone } from "./state";

type Migration = components["schemas"]["MigrationJson"];
type Rollback = NonNullable<Migration["rollback"]>;

/** How it stands or how it ended, in a sentence or two. */
export function summaryOf(migration: Migration): string {
  const { state, objects_done: done, objects_total: total, objects_skipped: skipped, failures } = migration;
  const moved = done === total ? `All ${formatQuantity(total, "file")}` : `${formatCount(done)} of ${files(total)}`;
  const gone = skipped > 0 && `${formatQuantity(skipped, "file was", "files were")} deleted or changed meanwhile.`;
  const failed = failures > 0 && `${formatQuantity(failures, "file")} could not be moved.`;
  const texts: Record<Migration["state"], readonly (string | false)[]> = {
    planned: ["Not started."],
    running: ["All files can be used as usual. You can close this page: the migration continues.", failed, gone],
    paused: [`Paused after ${formatCount(done)} of ${files(total)}. All files can be used as usual.`, failed, gone],
    completed: [
      failures + skipped === 0
        ? `${moved} were moved and verified.`
        : `${formatQuantity(done, "file")} moved and verified.`,
      failed,
      gone,
    ],
    failed: [`${moved} were moved.`, failed && `${failed.slice(0, -1)} and stayed in the old location.`, gone],
    cancelled: [`Cancelled. ${moved} were moved and stay in the new location.`, failed, gone],
    rolling_back: ["Files return to the old location. You can close this page: the rollback continues."],
    rolled_back: [migration.rollback ? rolledBack(migration.rollback) : "Rolled back."],
  };
  return texts[state].filter(Boolean).join(" ");
}

function files(count: number): string {
  return formatQuantity(count, "file");
}

function rolledBack(rollback: Rollback): string {
  const { objects, objects_back: back, objects_failed: failed, objects_deleted: deleted } = rollback;
  const left = objects - back - failed;
  if (left + failed === 0) return `Rolled back. All ${files(objects)} are back.`;
  const parts = [
    `${formatCount(back)} of ${files(objects)} are back`,
    left > 0 && `${was(left)} deleted since${deleted === null ? " or had no old copy" : ""}`,
    failed > 0 && `${formatCount(failed)} stayed because the old copy is missing or damaged`,
  ];
  return `Rolled back. ${parts.filter(Boolean).join(", ")}.`;
}

function was(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "was" : "were"}`;
}

export type Figure = readonly [name: string, value: string, detail?: string];

/** What is shown in large letters: how far it is and how fast while it works, and at the end what it was. */
export function figuresOf(migration: Migration): Figure[] {
  const counts = countsOf(migration);
  const totals: Figure[] = [
    ["Files", formatCount(counts.objects), `of ${formatCount(counts.totalObjects)}`],
    ["Size", formatBytes(counts.bytes), `of ${formatBytes(counts.totalBytes)}`],
  ];
  const done: Figure = ["Done", `${percentDone(migration)} %`];
  if (isWorking(migration)) return [done, ...totals, ...speedsOf(migration), ...limitOf(migration)];
  if (migration.state === "paused") return [done, ...totals, ...limitOf(migration)];
  return [...totals, ...durationOf(migration)];
}

/** On the way back the counts go down; the speed is one all the same. */
function speedsOf({ objects_per_second, bytes_per_second_now, eta_seconds }: Migration): Figure[] {
  const objects = objects_per_second === null ? "–" : formatCount(Math.round(Math.abs(objects_per_second) * 10) / 10);
  const bytes = bytes_per_second_now === null ? "–" : formatBytes(Math.abs(bytes_per_second_now));
  return [
    ["Files/s", objects],
    ["Bytes/s", bytes],
    ["Time left", eta_seconds === null ? "–" : formatDuration(eta_seconds)],
  ];
}

function limitOf({ bytes_per_second: limit }: Migration): Figure[] {
  return limit === null ? [] : [["Speed limit", `${formatBytes(limit)}/s`]];
}

function durationOf({ took_seconds, average_bytes_per_second }: Migration): Figure[] {
  const took: Figure[] = took_seconds === null ? [] : [["Took", formatDuration(took_seconds)]];
  const speed = average_bytes_per_second;
  return speed === null ? took : [...took, ["Average speed", `${formatBytes(speed)}/s`]];
}
