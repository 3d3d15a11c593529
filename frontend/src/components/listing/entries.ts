import type { Sort } from "./sort";

/** How many links and people something is open to; only its owner sees it. */
interface Shared {
  readonly links: number;
  readonly people: number;
}

/** What a list shows of a file. `id` tells it from all others of the list, `sha256` one content from the next. */
export interface ListedFile {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly media_type: string;
  readonly kind: string;
  readonly sha256: string;
  readonly modified_at: string;
  readonly image: { width: number; height: number; colour: string; format: string } | null;
  readonly thumbnail_url: string | null;
  readonly thumbnail_problem: string | null;
  readonly shared?: Shared | null;
}

/** What a list shows of a folder; the figures are of everything in it. */
export interface ListedFolder {
  readonly path: string;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly modified_at: string;
  readonly shared?: Shared | null;
}

export interface FolderEntry {
  readonly type: "folder";
  readonly key: string;
  readonly path: string;
  readonly name: string;
  readonly folder: ListedFolder;
}

export interface FileEntry<File extends ListedFile = ListedFile> {
  readonly type: "file";
  readonly key: string;
  readonly path: string;
  readonly name: string;
  readonly file: File;
}

/** One row of a list of files. The key identifies the file or folder. */
export type Entry<File extends ListedFile = ListedFile> = FolderEntry | FileEntry<File>;

export function folderEntry(folder: ListedFolder): FolderEntry {
  return { type: "folder", key: `folder:${folder.path}`, path: folder.path, name: folder.name, folder };
}

export function fileEntry<File extends ListedFile>(file: File): FileEntry<File> {
  return { type: "file", key: `file:${file.id}`, path: file.path, name: file.name, file };
}

export function sharedOf(entry: Entry): Shared {
  return (entry.type === "file" ? entry.file.shared : entry.folder.shared) ?? { links: 0, people: 0 };
}

/** Sorts folders, which the server returns by name, in the order of the files. */
export function sortFolders(folders: readonly ListedFolder[], sort: Sort): ListedFolder[] {
  const descending = sort.startsWith("-");
  const column = sort.replace("-", "");
  if (column === "path" || column === "name") return descending ? folders.toReversed() : [...folders];
  const compare = (a: ListedFolder, b: ListedFolder): number => {
    if (column === "size") return a.bytes - b.bytes;
    return a.modified_at.localeCompare(b.modified_at);
  };
  return [...folders].sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
}
