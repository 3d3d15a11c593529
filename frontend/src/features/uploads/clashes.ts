import type { Occupied } from "./api/look-up";

export type Answer = "replace" | "keep-both" | "skip";

/** What has the name already: a file or folder on the server, or a file that was chosen before and is not stored yet. */
export type Clash =
  | { with: "file"; size: number; modifiedAt: string; sha256: string; changed: boolean }
  | { with: "folder" }
  | { with: "upload"; id: number; size: number };

/** `changed`: it is not the one about which somebody was asked before. */
export function clashWith(found: Occupied, changed: boolean): Clash {
  if (found.sha256 === null || found.size === null) return { with: "folder" };
  return { with: "file", size: found.size, modifiedAt: found.modified_at, sha256: found.sha256, changed };
}

/** What the server takes as a name, in UTF-8. */
const NAME_BYTES_MAX = 255;
const DOUBLE_ENDING = /\.tar\.(?:gz|bz2|xz|zst|lz4|br|Z)$/i;

/** `a/data.csv` becomes `a/data (1).csv`; a name without room for the number is cut. */
export function numbered(path: string, number: number): string {
  const start = path.lastIndexOf("/") + 1;
  const name = path.slice(start);
  const ending = ` (${number})${endingOf(name)}`;
  const stem = cut(name.slice(0, name.length - endingOf(name).length), NAME_BYTES_MAX - bytesOf(ending));
  return path.slice(0, start) + stem + ending;
}

function endingOf(name: string): string {
  const double = DOUBLE_ENDING.exec(name)?.[0];
  if (double && double.length < name.length) return double;
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot) : "";
}

function cut(text: string, bytes: number): string {
  const letters = Array.from(text);
  while (bytesOf(letters.join("")) > bytes) letters.pop();
  return letters.join("");
}

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

type LookUp = (paths: readonly string[]) => Promise<ReadonlyMap<string, unknown>>;

/** A free name for each path, in the order of the paths; `taken` are names that are given away and not stored yet. */
export async function freeNames(
  paths: readonly string[],
  lookUp: LookUp,
  taken: ReadonlySet<string>,
): Promise<string[]> {
  const given = new Set(taken);
  const names: (string | null)[] = paths.map(() => null);
  // each round asks for more numbers, so that a hundred copies of one name need few rounds
  for (let first = 1, count = 2; names.includes(null); first += count, count *= 2) {
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    const open = paths.filter((_, index) => names[index] === null);
    const found = await lookUp(open.flatMap((path) => numbers.map((number) => numbered(path, number))));
    paths.forEach((path, index) => {
      if (names[index] !== null) return;
      const free = numbers.map((number) => numbered(path, number)).find((name) => !found.has(name) && !given.has(name));
      if (free === undefined) return;
      given.add(free);
      names[index] = free;
    });
  }
  return names.filter((name) => name !== null);
}
