import { expect, it } from "vitest";
import { fileEntry, folderEntry, sortFolders } from "@/components/listing/entries";
import { type Entry, outermost } from "./entries";

const folder = (path: string, bytes = 0) =>
  ({ path, name: path.split("/").at(-1) ?? "", files: 1, bytes, modified_at: `2026-01-0${bytes}T00:00:00Z` }) as never;
const file = (path: string) => ({ id: path, path, name: path }) as never;
const paths = (entries: readonly Entry[]) => entries.map(({ path }) => path);

it("keeps the order of names that the server gave, also downwards", () => {
  const folders = [folder("train 2", 1), folder("Train 10", 3), folder("ä", 2)];
  expect(sortFolders(folders, "path").map(({ path }) => path)).toEqual(["train 2", "Train 10", "ä"]);
  expect(sortFolders(folders, "-path").map(({ path }) => path)).toEqual(["ä", "Train 10", "train 2"]);
  expect(sortFolders(folders, "-size").map(({ path }) => path)).toEqual(["Train 10", "ä", "train 2"]);
});

it("leaves out what is inside a folder that is chosen as well", () => {
  const chosen = [
    folderEntry(folder("a")),
    folderEntry(folder("a/b")),
    fileEntry(file("a/b/c")),
    fileEntry(file("ab")),
  ];
  expect(paths(outermost(chosen))).toEqual(["a", "ab"]);
});
