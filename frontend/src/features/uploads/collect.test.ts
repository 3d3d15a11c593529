import { expect, it } from "vitest";
import { into, walk } from "./collect";

/** What a browser gives for a drop, as far as no real one can be made to fail at this point. */
const file = (path: string, error?: Error) =>
  ({
    isFile: true,
    fullPath: `/${path}`,
    file: (resolve: (file: File) => void, reject: (error: Error) => void) =>
      error ? reject(error) : resolve(new File(["x"], path)),
  }) as unknown as FileSystemEntry;

/** Hands `portions` out one after the other, then fails or comes to an end. */
const folder = (path: string, portions: FileSystemEntry[][], error?: Error) =>
  ({
    isFile: false,
    fullPath: `/${path}`,
    createReader: () => {
      const left = [...portions];
      return {
        readEntries: (resolve: (some: FileSystemEntry[]) => void, reject: (error: Error) => void) => {
          const some = left.shift();
          if (some) resolve(some);
          else if (error) reject(error);
          else resolve([]);
        },
      };
    },
  }) as unknown as FileSystemEntry;

const named = (name: string) => new DOMException("", name);

it("takes all that can be read, and says what cannot and why", async () => {
  const tree = folder("set", [
    [file("set/a"), file("set/gone", named("NotFoundError"))],
    [file("set/b"), folder("set/locked", [], named("NoModificationAllowedError"))],
    [folder("set/half", [[file("set/half/c")]], named("NotReadableError"))],
    [file("set/odd", named("EncodingError"))],
  ]);
  const found = await walk(tree);
  expect(found.files.map((source) => source.path)).toEqual(["set/a", "set/b", "set/half/c"]);
  expect(found.folders).toEqual([]);
  expect(found.unreadable).toEqual([
    { path: "set/gone", kind: "file", reason: "It is no longer there." },
    { path: "set/locked", kind: "folder", reason: "You do not have permission to read this folder." },
    { path: "set/half", kind: "folder", reason: "You do not have permission to read this folder." },
    { path: "set/odd", kind: "file", reason: "The browser could not read this file." },
  ]);
});

it("finds empty folders, also where there is nothing else", async () => {
  const tree = folder("top", [[folder("top/a", [[folder("top/a/b", [])]]), folder("top/c", []), file("top/d")]]);
  expect((await walk(tree)).folders).toEqual(["top/a/b", "top/c"]);
  expect((await walk(folder("alone", []))).folders).toEqual(["alone"]);
});

it("puts everything below a folder", () => {
  const unreadable = [{ path: "u", kind: "file", reason: "r" } as const];
  const collected = { files: [{ path: "f", file: new Blob() }], folders: ["e"], unreadable };
  const { files, folders, unreadable: lost } = into("x/y", collected);
  expect([files[0]?.path, folders[0], lost[0]?.path]).toEqual(["x/y/f", "x/y/e", "x/y/u"]);
  expect(into("", collected)).toEqual(collected);
});
