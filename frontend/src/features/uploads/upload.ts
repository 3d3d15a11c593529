import type { ApiError } from "@/lib/http";
import type { Clash } from "./clashes";

/** `checking`: whether the name is free is being asked; `asking`: it is not, and somebody has to decide. */
export type UploadState =
  "checking" | "asking" | "waiting" | "sending" | "storing" | "done" | "failed" | "cancelled" | "skipped";

/** What an upload waits for that is not its turn. */
export type Holdup = "server" | "session";

export interface Upload {
  readonly id: number;
  /** Uploads that were added while others ran belong to one batch with them. */
  readonly batch: number;
  /** A folder is an empty one: others come with their files. */
  readonly kind: "file" | "folder";
  readonly path: string;
  readonly size: number;
  readonly state: UploadState;
  readonly sent: number;
  readonly bytesPerSecond: number;
  readonly replaced: boolean;
  readonly error: ApiError | null;
  readonly heldUp: Holdup | null;
  /** What is in the way, while somebody is asked about it. */
  readonly clash: Clash | null;
  /** The path it was chosen under, where both were kept. */
  readonly chosenPath: string | null;
  /** Whether trying again can help: what cannot be read has to be chosen again. */
  readonly canRetry: boolean;
}

export const FRESH = {
  sent: 0,
  bytesPerSecond: 0,
  replaced: false,
  error: null,
  heldUp: null,
  clash: null,
  chosenPath: null,
  canRetry: true,
} satisfies Partial<Upload>;

const ACTIVE: ReadonlySet<UploadState> = new Set(["checking", "asking", "waiting", "sending", "storing"]);

export function isActive(upload: Upload): boolean {
  return ACTIVE.has(upload.state);
}

export function mayRetry(upload: Upload): boolean {
  return !isActive(upload) && upload.state !== "done" && upload.canRetry;
}
