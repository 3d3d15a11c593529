import { ApiError } from "@/lib/http";

/** What goes wrong with uploads and is not said by the server. */

const local = (code: string, detail: string, hint?: string) =>
  new ApiError({ status: 0, code, title: "Not uploaded", detail, hint });

const AGAIN = "Choose it again to upload it as it is now.";

export const GONE = local("file_gone", "The file is no longer there.");
export const CHANGED = local("file_changed", "The file was changed on this computer since you chose it.", AGAIN);
export const FORBIDDEN = local("file_forbidden", "You do not have permission to read this file.");
export const CHANGED_OR_FORBIDDEN = local(
  "file_changed",
  "The file was changed on this computer since you chose it, or you do not have permission to read it.",
  AGAIN,
);
export const FILE_IN_THE_WAY = local(
  "conflict",
  "A file with this name already exists, so the folder could not be created.",
);
export const CHANGED_MEANWHILE = local(
  "precondition_failed",
  "The file has changed since this page showed it, so it was not replaced.",
  "Look at it, then replace it again.",
);

export function unreadable(reason: string): ApiError {
  return local("unreadable", reason);
}

export function asProblem(error: unknown): ApiError {
  return error instanceof ApiError ? error : local("unknown", String(error));
}
