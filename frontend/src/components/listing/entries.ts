import type { Sort } from "./sort";

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
}

/** What a list shows of a folder; the figures are of everything in it. */
export interface ListedFolder {
  readonly path: string;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly modified_at: string;
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

/** One line of the browser. The key stays the same as long as it is the same thing. */
export type Entry<File extends ListedFile = ListedFile> = FolderEntry | FileEntry<File>;

export function folderEntry(folder: ListedFolder): FolderEntry {
  return { type: "folder", key: `folder:${folder.path}`, path: folder.path, name: folder.name, folder };
}

export function fileEntry<File extends ListedFile>(file: File): FileEntry<File> {
  return { type: "file", key: `file:${file.id}`, path: file.path, name: file.name, file };
}

const byName = new Intl.Collator("en", { sensitivity: "base" });

/** Folders come by name; this is how they stand in the order that the files are shown in. */
export function sortFolders(folders: readonly ListedFolder[], sort: Sort): ListedFolder[] {
  const descending = sort.startsWith("-");
  const column = sort.replace("-", "");
  const compare = (a: ListedFolder, b: ListedFolder): number => {
    if (column === "size") return a.bytes - b.bytes;
    if (column === "modified_at") return a.modified_at.localeCompare(b.modified_at);
    return byName.compare(a.name, b.name);
  };
  return [...folders].sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
}
