import type { Move } from "./api/move-entries";
import type { Entry } from "./entries";
import { isInside, joinPath } from "@/lib/paths";

/** What has to be moved so that all of these lie in the folder; a folder never goes into itself. */
export function movesInto(entries: readonly Entry[], folder: string): Move[] {
  return entries
    .filter((entry) => entry.type === "file" || !isInside(folder, entry.path))
    .map((entry) => ({ entry, path: joinPath(folder, entry.name) }))
    .filter(({ entry, path }) => path !== entry.path);
}
