import { expect, it } from "vitest";
import { everything, NOTHING, only, toggled, upTo } from "./selection";

const order = ["a", "b", "c", "d", "e"];
const keys = (selection: { keys: ReadonlySet<string> }) => [...selection.keys].sort().join("");

it("adds and takes away one", () => {
  const two = toggled(only("a"), "c");
  expect(keys(two)).toBe("ac");
  expect(keys(toggled(two, "a"))).toBe("c");
});

it("ranges from the anchor in both directions, and again from the same anchor", () => {
  const start = only("c");
  const down = upTo(start, order, "e");
  expect(keys(down)).toBe("cde");
  expect(keys(upTo(down, order, "a"))).toBe("abc");
});

it("starts anew where the anchor is gone", () => {
  expect(keys(upTo(NOTHING, order, "b"))).toBe("b");
  expect(keys(upTo(only("gone"), order, "b"))).toBe("b");
});

it("takes everything and keeps the anchor", () => {
  const all = everything(only("b"), order);
  expect(keys(all)).toBe("abcde");
  expect(keys(upTo(all, order, "a"))).toBe("ab");
});
