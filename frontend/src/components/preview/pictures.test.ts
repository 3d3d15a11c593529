import { expect, it } from "vitest";
import { pathBeside, pictureDoor } from "./pictures";

it.each([
  ["", "a.png", "a.png"],
  ["", "./a.png?raw=true#x", "a.png"],
  ["docs", "images/a%20b.png", "docs/images/a b.png"],
  ["docs/guide", "../a.png", "docs/a.png"],
  ["docs", "../../a.png", null],
  ["docs", "a/../../../b.png", null],
  ["", "https://example.org/a.png", null],
  ["", "//example.org/a.png", null],
  ["", "/api/auth/logout", null],
  ["", "data:image/png;base64,x", null],
  ["", "javascript:alert(1)", null],
  ["", "", null],
  ["a", "%zz.png", "a/%zz.png"],
])("in the folder %j the picture %j is %j", (folder, href, wanted) => {
  expect(pathBeside(folder, href)).toBe(wanted);
});

it("opens only what has a path", () => {
  const door = pictureDoor("docs", (path) => `/files/${path}`);
  expect([door("a.png"), door("https://example.org/a.png")]).toEqual(["/files/docs/a.png", null]);
});
