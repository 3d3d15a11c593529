import type { File, Sort } from "./api/list-files";
import type { Folder } from "./api/list-folders";

export interface FolderEntry {
  readonly type: "folder";
  readonly key: string;
  readonly path: string;
  readonly name: string;
  readonly folder: Folder;
}

export interface FileEntry {
  readonly type: "file";
  readonly key: string;
  readonly path: string;
  readonly name: string;
  readonly file: File;
}

/** One line of the browser. The key stays the same as long as it is the same thing. */
export type Entry = FolderEntry | FileEntry;

export function folderEntry(folder: Folder): FolderEntry {
  return { type: "folder", key: `folder:${folder.path}`, path: folder.path, name: folder.name, folder };
}

export function fileEntry(file: File): FileEntry {
  return { type: "file", key: `file:${file.id}`, path: file.path, name: file.name, file };
}

/** How many links and people it is open to; of others' files nobody is told. */
export function sharedOf(entry: Entry): { links: number; people: number } {
  return (entry.type === "file" ? entry.file.shared : entry.folder.shared) ?? { links: 0, people: 0 };
}

/** Folders come by name, in the order of the server; this is how they stand in the order that files are shown in. */
export function sortFolders(folders: readonly Folder[], sort: Sort): Folder[] {
  const descending = sort.startsWith("-");
  const column = sort.replace("-", "");
  if (column === "path" || column === "name") return descending ? folders.toReversed() : [...folders];
  const compare = (a: Folder, b: Folder): number => {
    if (column === "size") return a.bytes - b.bytes;
    return a.modified_at.localeCompare(b.modified_at);
  };
  return [...folders].sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
}

/** Without what lies in one of the folders: a search may find both, and what is done to the folder takes it along. */
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
