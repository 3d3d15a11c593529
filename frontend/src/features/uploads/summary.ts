import { formatCount, formatQuantity } from "@/lib/format";
import { type Holdup, isActive, type Upload } from "./upload";

export const HELD_UP: Record<Holdup, string> = {
  server: "Waiting for the server …",
  session: "Waiting for you to sign in again",
};

/** Of the batch that is under way: all that was added since there was last nothing to do. */
export interface Progress {
  /** Files and empty folders, without those that nobody wants any more, and how many have come to an end. */
  wanted: number;
  ended: number;
  unit: "file" | "item";
  /** Share of their bytes that was sent, 0 to 99; of empty ones, the share that is stored. */
  percent: number;
  bytesLeft: number;
}

export interface Summary {
  active: number;
  /** About which somebody is being asked, once all names are looked up. */
  asking: number;
  checking: boolean;
  /** Nothing moves until the server answers, or somebody signs in. */
  heldUp: Upload["heldUp"];
  /** Of all that the panel shows. */
  files: number;
  folders: number;
  failed: number;
  skipped: number;
  /** Null while nothing is under way. */
  progress: Progress | null;
}

export function summarise(uploads: readonly Upload[]): Summary {
  const active = uploads.filter(isActive);
  const done = uploads.filter((upload) => upload.state === "done");
  const moving = active.some((upload) => upload.state === "sending" || upload.state === "storing");
  return {
    active: active.length,
    asking: count(active, "asking"),
    checking: count(active, "checking") > 0,
    heldUp: moving ? null : (active.find((upload) => upload.heldUp !== null)?.heldUp ?? null),
    files: done.filter((upload) => upload.kind === "file").length,
    folders: done.filter((upload) => upload.kind === "folder").length,
    failed: count(uploads, "failed"),
    skipped: count(uploads, "skipped"),
    progress: active.length === 0 ? null : progressOf(uploads),
  };
}

function progressOf(uploads: readonly Upload[]): Progress {
  const batch = uploads.reduce((newest, upload) => Math.max(newest, upload.batch), 0);
  const wanted = uploads.filter(({ batch: of, state }) => of === batch && state !== "cancelled" && state !== "skipped");
  const ended = wanted.filter((upload) => !isActive(upload)).length;
  const sendable = wanted.filter((upload) => upload.state !== "failed");
  const size = total(sendable, (upload) => upload.size);
  const sent = total(sendable, (upload) => Math.min(upload.sent, upload.size));
  const share = size === 0 ? ended / wanted.length : sent / size;
  return {
    wanted: wanted.length,
    ended,
    unit: wanted.some((upload) => upload.kind === "folder") ? "item" : "file",
    // sent is not stored: the last percent is the server's answer
    percent: Math.min(Math.floor(share * 100), 99),
    bytesLeft: size - sent,
  };
}

function total(uploads: readonly Upload[], of: (upload: Upload) => number): number {
  return uploads.reduce((sum, upload) => sum + of(upload), 0);
}

function count(uploads: readonly Upload[], state: Upload["state"]): number {
  return uploads.filter((upload) => upload.state === state).length;
}

export function headline({ progress, files, folders, failed, skipped }: Summary): string {
  if (progress) return `Uploading ${which(progress)}, ${progress.percent} %`;
  const parts = [
    files > 0 && `${formatQuantity(files, "file")} uploaded`,
    folders > 0 && `${formatQuantity(folders, "folder")} created`,
    failed > 0 && (files + folders > 0 ? `${failed} failed` : `${formatQuantity(failed, "file")} failed`),
    skipped > 0 && `${skipped} skipped`,
  ];
  return parts.filter(Boolean).join(", ") || "Nothing uploaded";
}

/** The one that is next to end, of how many. */
function which({ wanted, ended, unit }: Progress): string {
  if (wanted === 1) return `1 ${unit}`;
  return `${formatCount(Math.min(ended + 1, wanted))} of ${formatQuantity(wanted, unit)}`;
}
