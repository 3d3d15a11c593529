import { expect, it } from "vitest";
import { extensionOf, kindOf } from "./kinds";

it.each([
  ["a.csv", "CSV"],
  ["model.tar.gz", "GZ"],
  [".gitignore", null],
  ["README", null],
  ["what.is this thing", null],
])("the extension of %s is %s", (name, extension) => {
  expect(extensionOf(name)).toBe(extension);
});

it("has a name for kinds it does not know", () => {
  expect(kindOf("hologram", "x/y").label).toBe("File");
});
