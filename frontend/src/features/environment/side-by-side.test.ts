import { expect, it } from "vitest";
import { type DiffLine, sideBySide } from "./side-by-side";

const line = (kind: DiffLine["kind"], text: string): DiffLine => ({ kind, text, before_line: null, after_line: null });
const same = (count: number) => Array.from({ length: count }, (_, index) => line("same", `s${index}`));
const texts = (lines: DiffLine[]) =>
  sideBySide(lines).map((row) => ("folded" in row ? row.folded : [row.before?.text, row.after?.text]));

it("puts what replaces a line beside it", () => {
  const lines = [line("removed", "A=1"), line("removed", "B=1"), line("added", "A=2")];
  expect(texts(lines)).toEqual([
    ["A=1", "A=2"],
    ["B=1", undefined],
  ]);
});

it("folds what is equal and far from a difference", () => {
  const lines = [...same(6), line("added", "N=1"), ...same(9), line("removed", "O=1"), ...same(1)];
  expect(texts(lines)).toEqual([
    3,
    ["s3", "s3"],
    ["s4", "s4"],
    ["s5", "s5"],
    [undefined, "N=1"],
    ["s0", "s0"],
    ["s1", "s1"],
    ["s2", "s2"],
    3,
    ["s6", "s6"],
    ["s7", "s7"],
    ["s8", "s8"],
    ["O=1", undefined],
    ["s0", "s0"],
  ]);
});

it("folds nothing for the sake of a single line, and knows empty files", () => {
  expect(texts([...same(4), line("added", "N=1")])).toHaveLength(5);
  expect(texts([])).toEqual([]);
});
