import { describe, expect, it } from "vitest";
import { parseTable, prettyJson, previewOf } from "./preview";

it.each([
  ["image/png", "image"],
  ["image/tiff", "none"],
  ["application/json", "json"],
  ["text/csv", "table"],
  ["text/markdown", "text"],
  ["application/jsonl", "text"],
  ["audio/flac", "audio"],
  ["video/quicktime", "none"],
  ["application/pdf", "pdf"],
  ["application/vnd.safetensors", "none"],
])("%s is shown as %s", (media_type, preview) => {
  expect(previewOf({ media_type })).toBe(preview);
});

it("indents whole documents and leaves broken ones alone", () => {
  expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(prettyJson('{"a":')).toBe('{"a":');
});

describe("parseTable", () => {
  const all = { cut: false, limit: 100 };
  it("knows quotes, separators and line ends inside of them", () => {
    expect(parseTable('a,b\r\n"x, ""y""","1\n2"\n', ",", all)).toEqual([
      ["a", "b"],
      ['x, "y"', "1\n2"],
    ]);
  });
  it("keeps a last line without an end, unless it was cut there", () => {
    expect(parseTable("a\tb\n1\t2", "\t", all)).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
    expect(parseTable("a\n12", ",", { cut: true, limit: 100 })).toEqual([["a"]]);
  });
  it("stops at the limit", () => {
    expect(parseTable("1\n2\n3\n4", ",", { cut: false, limit: 2 })).toEqual([["1"], ["2"]]);
  });
});
