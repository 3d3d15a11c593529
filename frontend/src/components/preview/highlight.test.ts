import { expect, it } from "vitest";
import { highlight } from "./highlight";

const joined = (text: string, language: string) =>
  highlight(text, language)
    .map((piece) => piece.text)
    .join("");

it.each([
  ["python", 'def f(x):  # <script>\n    return "a" + str(x)\n'],
  ["json", '{"a": [1, true, null], "b": "<img>"}'],
  ["toml", '[tool]\nname = "x"\n'],
  ["html", "<p class=x>&amp; text</p>"],
  ["shell", "ls | grep x"],
  ["klingon", "nuqneH <b>"],
])("changes nothing in %s", (language, text) => {
  expect(joined(text, language)).toBe(text);
});

it("knows what is what", () => {
  const roles = Object.fromEntries(
    highlight('def f(x):  # why\n    return "a", 12', "python").map((piece) => [piece.text.trim(), piece.role]),
  );
  expect(roles).toMatchObject({ def: "keyword", f: "name", "# why": "comment", '"a"': "string", 12: "value" });
});

it("leaves a language alone that it does not know", () => {
  expect(highlight("a = 1", "klingon")).toEqual([{ text: "a = 1", role: null }]);
});
