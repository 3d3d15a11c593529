import { lostReason } from "./local-file";

export interface Source {
  path: string;
  file: Blob;
  /** Of a drop: it tells how the file is now. */
  entry?: FileSystemFileEntry;
}

export interface Unreadable {
  path: string;
  kind: "file" | "folder";
  reason: string;
}

/** What was chosen or dropped. `folders` are those in which there is nothing. */
export interface Collected {
  files: readonly Source[];
  folders: readonly string[];
  unreadable: readonly Unreadable[];
}

/** The same below a folder. */
export function into(folder: string, { files, folders, unreadable }: Collected): Collected {
  const below = (path: string) => (folder ? `${folder}/${path}` : path);
  return {
    files: files.map((source) => ({ ...source, path: below(source.path) })),
    folders: folders.map(below),
    unreadable: unreadable.map((part) => ({ ...part, path: below(part.path) })),
  };
}

/** Files of an input; one that chose a folder keeps the tree. Empty folders are not told to pages. */
export function fromInput(files: FileList): Collected {
  const sources = Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
  return { files: sources, folders: [], unreadable: [] };
}

/** Files of a drop, folders with all that is in them. Must be called within the event: the list is emptied after it. */
export async function fromDrop(items: DataTransferItemList): Promise<Collected> {
  const found = Array.from(items)
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return together(await Promise.all(found.map(({ entry, file }) => fromItem(entry, file))));
}

async function fromItem(entry: FileSystemEntry | null, file: File | null): Promise<Collected> {
  if (entry?.isDirectory) return walk(entry);
  if (!file) return unreadable(entry?.name ?? "One of the items", "file", null);
  const source: Source = { path: file.name, file };
  return { ...NOTHING, files: [entry ? { ...source, entry: entry as FileSystemFileEntry } : source] };
}

/** One part that cannot be read takes nothing away from the others. */
export async function walk(entry: FileSystemEntry): Promise<Collected> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) return fromFile(entry as FileSystemFileEntry, path);
  const { children, error } = await readAll((entry as FileSystemDirectoryEntry).createReader());
  const parts = await Promise.all(children.map(walk));
  if (error !== undefined) parts.push(unreadable(path, "folder", error));
  else if (children.length === 0) parts.push({ ...NOTHING, folders: [path] });
  return together(parts);
}

async function fromFile(entry: FileSystemFileEntry, path: string): Promise<Collected> {
  try {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return { ...NOTHING, files: [{ path, file, entry }] };
  } catch (error) {
    return unreadable(path, "file", error);
  }
}

/** A reader hands out at most a hundred entries at a time, and an empty list at the end. */
async function readAll(reader: FileSystemDirectoryReader): Promise<{ children: FileSystemEntry[]; error?: unknown }> {
  const children: FileSystemEntry[] = [];
  try {
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return { children };
      children.push(...some);
    }
  } catch (error) {
    return { children, error: error ?? null };
  }
}

const NOTHING: Collected = { files: [], folders: [], unreadable: [] };

function unreadable(path: string, kind: Unreadable["kind"], error: unknown): Collected {
  return { ...NOTHING, unreadable: [{ path, kind, reason: lostReason(kind, error) }] };
}

function together(parts: readonly Collected[]): Collected {
  return {
    files: parts.flatMap((part) => part.files),
    folders: parts.flatMap((part) => part.folders),
    unreadable: parts.flatMap((part) => part.unreadable),
  };
}
