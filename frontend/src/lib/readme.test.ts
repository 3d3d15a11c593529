import { expect, it } from "vitest";
import { readmeOf } from "./readme";

it.each([
  [["a.txt", "README.md"], "README.md"],
  [["README.txt", "ReadMe.MD"], "ReadMe.MD"],
  [["readme"], "readme"],
  [["readme.md.bak", "my-readme.md"], undefined],
  [[], undefined],
])("of %j it is %j", (names, wanted) => {
  expect(readmeOf(names.map((name) => ({ name })))?.name).toBe(wanted);
});
