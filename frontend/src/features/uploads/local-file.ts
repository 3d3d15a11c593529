import type { ApiError } from "@/lib/http";
import type { Source } from "./collect";
import { CHANGED, CHANGED_OR_FORBIDDEN, FORBIDDEN, GONE } from "./problems";

/** A change is noticed at the latest after so many bytes. */
const PIECE_BYTES = 64 * 1024 * 1024;

/**
 * The body of an upload. Sent as it is, a file that changes meanwhile arrives half old, half new. Of a body in pieces the
 * browser compares the file with what was chosen as it begins each of them, and the last byte is a piece of its own: if
 * anything has changed before, that byte never leaves, and the server stores nothing.
 */
export function bodyOf(file: Blob): Blob {
  const pieces: Blob[] = [];
  const last = Math.max(file.size - 1, 0);
  for (let start = 0; start < last; start += PIECE_BYTES)
    pieces.push(file.slice(start, Math.min(start + PIECE_BYTES, last)));
  pieces.push(file.slice(last, file.size));
  return new Blob(pieces);
}

/** Why a file cannot be sent; null if it is as it was when it was chosen. */
export async function localProblem({ file, entry }: Source): Promise<ApiError | null> {
  try {
    // an empty slice is not compared with the disk, an empty file is
    await (file.size === 0 ? file : file.slice(-1)).arrayBuffer();
    return null;
  } catch (error) {
    if (nameOf(error) === "NotFoundError") return GONE;
    return entry ? await changedOrForbidden(file, entry) : CHANGED_OR_FORBIDDEN;
  }
}

/** Browsers name both alike; a drop can be asked how the file is now. */
async function changedOrForbidden(file: Blob, entry: FileSystemFileEntry): Promise<ApiError> {
  try {
    const now = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    const then = file instanceof File ? file.lastModified : now.lastModified;
    return now.size === file.size && now.lastModified === then ? FORBIDDEN : CHANGED;
  } catch (error) {
    return nameOf(error) === "NotFoundError" ? GONE : FORBIDDEN;
  }
}

/** Of what could not be read when it was dropped. */
export function lostReason(kind: "file" | "folder", error: unknown): string {
  const name = nameOf(error);
  if (name === "NotFoundError") return "It is no longer there.";
  if (DENIED.has(name)) return `You do not have permission to read this ${kind}.`;
  return `The browser could not read this ${kind}.`;
}

/** Chromium says of a folder that may not be listed that it may not be modified. */
const DENIED: ReadonlySet<string> = new Set(["NotReadableError", "SecurityError", "NoModificationAllowedError"]);

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}
