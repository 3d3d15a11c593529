import type { Move } from "./api/move-entries";
import { isInside, joinPath } from "@/lib/paths";
import { type Entry, outermost } from "./entries";

/** The moves that bring these entries into the folder; a folder cannot be moved into itself. */
export function movesInto(entries: readonly Entry[], folder: string): Move[] {
  return outermost(entries)
    .filter((entry) => entry.type === "file" || !isInside(folder, entry.path))
    .map((entry) => ({ entry, path: joinPath(folder, entry.name) }))
    .filter(({ entry, path }) => path !== entry.path);
}
