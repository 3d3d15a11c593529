import { expect, it } from "vitest";
import { describeRows, isNumeric, shortCount } from "./table";

it.each([
  ["int64", true],
  ["uint8", true],
  ["float", true],
  ["double", true],
  ["decimal128(10, 2)", true],
  ["string", false],
  ["list<item: int64>", false],
  ["text", false],
  ["timestamp[us]", false],
])("%s is numeric: %s", (type, wanted) => {
  expect(isNumeric(type)).toBe(wanted);
});

it("says which rows of how many are shown", () => {
  const page = {
    page: 2,
    rows: new Array<null>(100).fill(null),
    row_count: 12345,
    column_count: 3,
    columns: [1, 2, 3],
  };
  expect(describeRows(page)).toBe("Rows 101–200 of 12,345 · 3 columns");
  expect(describeRows({ ...page, row_count: null, column_count: 500 })).toBe("Rows 101–200 · 3 of 500 columns");
  expect(describeRows({ ...page, page: 1, rows: [], row_count: 0, column_count: 1, columns: [1] })).toBe(
    "No rows · 1 column",
  );
});

it.each([
  [999, "999"],
  [1_500, "1.50 K"],
  [110_000_000, "110 M"],
  [6_738_415_616, "6.74 B"],
])("%d parameters are %s", (count, text) => {
  expect(shortCount(count)).toBe(text);
});
