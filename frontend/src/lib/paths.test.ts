import { expect, it } from "vitest";
import { isInside, joinPath, lineage, nameOf, nameProblem, parentOf } from "./paths";

it("joins and splits, at the top too", () => {
  expect(joinPath("", "a")).toBe("a");
  expect(joinPath("a/b", "c")).toBe("a/b/c");
  expect([parentOf("a/b/c"), parentOf("a")]).toEqual(["a/b", ""]);
  expect([nameOf("a/b/c"), nameOf("a")]).toEqual(["c", "a"]);
});

it("names every folder on the way", () => {
  expect(lineage("")).toEqual([]);
  expect(lineage("a/b/c")).toEqual(["a", "a/b", "a/b/c"]);
});

it("takes no sibling with the same beginning for a child", () => {
  expect(isInside("data/x", "data")).toBe(true);
  expect(isInside("data", "data")).toBe(true);
  expect(isInside("data-2/x", "data")).toBe(false);
});

it.each([
  ["", "Enter a name."],
  ["  ", "Enter a name."],
  ["a/b", "A name cannot contain a slash."],
  ["..", "This name is reserved."],
  ["...", null],
  ["a b.csv", null],
])("says what is wrong with %j", (name, problem) => {
  expect(nameProblem(name)).toBe(problem);
});
