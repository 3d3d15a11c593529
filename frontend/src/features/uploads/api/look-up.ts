import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Occupied = components["schemas"]["OccupiedJson"];

/** Asked for at once: as many as the server takes, and within its limit for the length of a question. */
const PATHS_MAX = 1000;
const CHARACTERS_MAX = 100_000;

/** What is at these paths: of one's own files, or below the folder of a share. Paths at which there is nothing are left out. */
export async function lookUp(paths: readonly string[], shareId: string | null): Promise<Map<string, Occupied>> {
  const found = new Map<string, Occupied>();
  for (const some of portions(paths.filter(canBeStored))) {
    const body = { paths: some, share_id: shareId };
    const { items } = await unwrap(client.POST("/api/paths/look-up", { body }));
    for (const item of items) found.set(item.path, item);
  }
  return found;
}

export function portions(paths: readonly string[]): string[][] {
  const all: string[][] = [];
  let characters = CHARACTERS_MAX;
  for (const path of paths) {
    let some = all.at(-1);
    if (!some || some.length === PATHS_MAX || characters + path.length > CHARACTERS_MAX) {
      all.push((some = []));
      characters = 0;
    }
    some.push(path);
    characters += path.length;
  }
  return all;
}

/** What no request can carry, or is too long to be a path, is left to the upload itself, which is refused with a reason. */
function canBeStored(path: string): boolean {
  return path.length <= 4096 && !path.includes("\0") && !/\p{Surrogate}/u.test(path);
}
