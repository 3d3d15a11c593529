import { expect, test } from "vitest";
import { lineNumbers } from "./line-numbers";

test("each line has a number, and the newline at the end begins no line", () => {
  expect(lineNumbers("a")).toBe("1");
  expect(lineNumbers("a\n\nb\n")).toBe("1\n2\n3");
});

test("a text of very long lines has none, for they are wrapped", () => {
  expect(lineNumbers(`a\n${"x".repeat(401)}`)).toBeNull();
});
