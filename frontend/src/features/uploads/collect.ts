import type { Source } from "./queue";

/** The same files below a folder. */
export function into(folder: string, sources: readonly Source[]): Source[] {
  return sources.map((source) => ({ ...source, path: folder ? `${folder}/${source.path}` : source.path }));
}

/** Files of an input; one that chose a folder keeps the tree. */
export function fromInput(files: FileList): Source[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Files of a drop, folders with all that is in them. Must be called within the event: the list is emptied after it. */
export async function fromDrop(items: DataTransferItemList): Promise<Source[]> {
  const found = Array.from(items)
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const parts = await Promise.all(
    found.map(async ({ entry, file }) => {
      if (entry?.isDirectory) return walk(entry);
      return file ? [{ path: file.name, file }] : [];
    }),
  );
  return parts.flat();
}

async function walk(entry: FileSystemEntry): Promise<Source[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const children = await readAll((entry as FileSystemDirectoryEntry).createReader());
  return (await Promise.all(children.map(walk))).flat();
}

/** A reader hands out at most a hundred entries at a time, and an empty list at the end. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
