import type { Entry } from "./entries";

/** The open dialog and its subject. */
export type Dialog =
  | { name: "new-folder"; folder: string }
  | { name: "rename"; entry: Entry }
  | { name: "move"; entries: readonly Entry[] }
  | { name: "share"; entry: Entry }
  | { name: "delete"; entries: readonly Entry[] }
  | { name: "keys" };
