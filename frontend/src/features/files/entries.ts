import type { Entry as ListedEntry, FileEntry as ListedFileEntry } from "@/components/listing/entries";
import type { File } from "./api/list-files";

/** Lines of the list of one's own files. */
export type FileEntry = ListedFileEntry<File>;
export type Entry = ListedEntry<File>;

/** Without entries inside one of the folders: a search may find both, and an action on the folder includes them. */
export function outermost(entries: readonly Entry[]): Entry[] {
  const folders = entries.filter(({ type }) => type === "folder").map(({ path }) => `${path}/`);
  return entries.filter(({ path }) => !folders.some((folder) => path.startsWith(folder)));
}

/** "3 files", "1 folder", "2 folders and 3 files". */
export function countOf(entries: readonly Entry[]): string {
  const folders = entries.filter((entry) => entry.type === "folder").length;
  const files = entries.length - folders;
  const say = (count: number, word: string) => (count > 0 ? [`${count} ${word}${count === 1 ? "" : "s"}`] : []);
  return [...say(folders, "folder"), ...say(files, "file")].join(" and ") || "nothing";
}
