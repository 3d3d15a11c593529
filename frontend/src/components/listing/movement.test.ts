import { expect, it } from "vitest";
import { movement } from "./movement";

const list = { count: 10, columns: 1, page: 4 };
const grid = { count: 10, columns: 4, page: 2 };

it.each([
  ["ArrowDown", -1, 0],
  ["ArrowUp", -1, 9],
  ["ArrowDown", 0, 1],
  ["ArrowDown", 9, 9],
  ["ArrowUp", 0, 0],
  ["PageDown", 2, 6],
  ["PageDown", 8, 9],
  ["PageUp", 2, 0],
  ["Home", 5, 0],
  ["End", 5, 9],
  ["ArrowRight", 5, null],
  ["x", 5, null],
])("in the list %s from %d leads to %s", (key, index, expected) => {
  expect(movement(key, { ...list, index })).toBe(expected);
});

it.each([
  ["ArrowRight", 3, 4],
  ["ArrowLeft", 0, 0],
  ["ArrowRight", 9, 9],
  ["ArrowDown", 1, 5],
  ["ArrowDown", 7, 9],
  ["ArrowDown", 8, 8],
  ["ArrowUp", 2, 2],
  ["ArrowUp", 6, 2],
  ["PageUp", 6, 0],
])("in the grid %s from %d leads to %d", (key, index, expected) => {
  expect(movement(key, { ...grid, index })).toBe(expected);
});

it("has nowhere to go in an empty folder", () => {
  expect(movement("End", { ...list, count: 0, index: -1 })).toBeNull();
});
