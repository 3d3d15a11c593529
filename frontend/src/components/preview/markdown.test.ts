import { describe, expect, it } from "vitest";
import { decodeEntities, headingLevels, parseMarkdown, safeHref, textOfHtml } from "./markdown";

describe("parseMarkdown", () => {
  it("takes the front matter apart, and only at the top", () => {
    expect(parseMarkdown("---\nlicense: mit\n---\n# Title\n")).toMatchObject({
      frontMatter: "license: mit",
      tokens: [{ type: "heading", depth: 1 }],
    });
    expect(parseMarkdown("# Title\n\n---\na: b\n---\n")?.frontMatter).toBeNull();
  });
  it("gives up on what is nested beyond reason instead of failing", () => {
    const parsed = parseMarkdown(">".repeat(100_000) + " x");
    expect(parsed === null || parsed.tokens.length > 0).toBe(true);
  });
});

it.each([
  ["https://example.org/a?b=1", "https://example.org/a?b=1"],
  ["mailto:a@example.org", "mailto:a@example.org"],
  ["javascript:alert(1)", null],
  ["JaVaScRiPt:alert(1)", null],
  [" java\nscript:alert(1)", null],
  ["data:text/html,<script>", null],
  ["vbscript:x", null],
  ["/api/files/x", null],
  ["//example.org", null],
  ["#there", null],
  ["", null],
])("the link %j leads to %j", (href, wanted) => {
  expect(safeHref(href)).toBe(wanted);
});

it("writes letters out, and leaves what it does not know", () => {
  expect(decodeEntities("a &amp; b &#233; &#xE9; &unknown; &#0; &#xD800; &")).toBe(
    "a & b é é &unknown; \ufffd \ufffd &",
  );
});

it("keeps the words of HTML alone", () => {
  expect(textOfHtml('<p align="center">Hello <b>you</b><!-- not this --></p>')).toBe("Hello you");
  expect(textOfHtml("<script>alert(1)</script>")).toBe("alert(1)");
  expect(textOfHtml("<!-- open <b>")).toBe("");
  expect(textOfHtml("<img src=x onerror=alert(1)")).toBe("");
});

it.each([
  [
    [1, 2, 2, 3],
    [3, 4, 4, 5],
  ],
  [
    [2, 4, 2],
    [3, 4, 3],
  ],
  [
    [3, 1, 6],
    [3, 3, 4],
  ],
  [
    [1, 2, 3, 4, 5, 6],
    [3, 4, 5, 6, 6, 6],
  ],
])("headings of depth %j get the levels %j", (depths, levels) => {
  expect(headingLevels(depths, 3)).toEqual(levels);
});
