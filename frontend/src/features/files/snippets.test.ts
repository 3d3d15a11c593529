import { expect, it } from "vitest";
import { pythonText, shellText, snippetsFor } from "./snippets";

const URL = "https://share.example/api/files/abc/content";
const file = { name: "train.csv", media_type: "text/csv", sha256: "a".repeat(64) };
const codeOf = (name: string, change: Partial<typeof file> = {}) =>
  snippetsFor({ ...file, ...change }, URL).find((snippet) => snippet.name === name)?.code;

it("offers the libraries of tables for tables alone", () => {
  const names = (media_type: string) => snippetsFor({ ...file, media_type }, URL).map((snippet) => snippet.name);
  const everywhere = ["aishare", "curl", "wget", "Python"];
  for (const table of ["text/csv", "text/tab-separated-values", "application/jsonl", "application/vnd.apache.parquet"])
    expect(names(table)).toEqual([...everywhere, "pandas", "polars", "DuckDB"]);
  for (const other of ["image/png", "application/vnd.safetensors", "text/plain"])
    expect(names(other)).toEqual(everywhere);
});

it("holds the address and never a token", () => {
  for (const { code } of snippetsFor(file, URL)) {
    expect(code).toContain(URL);
    expect(code).not.toContain("aishare_");
  }
});

it.each([
  ["plain-name_1.csv", "plain-name_1.csv"],
  ["two words", "'two words'"],
  ["$(rm -rf ~)", "'$(rm -rf ~)'"],
  ["it's", `'it'\\''s'`],
  ["`x`;&|<>", "'`x`;&|<>'"],
  ["größe", "'größe'"],
])("quotes %s for a shell", (text, wanted) => {
  expect(shellText(text)).toBe(wanted);
});

it("writes names that look like options as files", () => {
  expect(codeOf("curl", { name: "-o" })).toContain("-o ./-o ");
  expect(codeOf("wget", { name: "-rf x" })).toContain("-O './-rf x'");
});

it("quotes for Python", () => {
  expect(pythonText('a"b\\c')).toBe('"a\\"b\\\\c"');
});

it("tells the readers about tabs and lines", () => {
  expect(codeOf("pandas", { media_type: "text/tab-separated-values" })).toContain('sep="\\t"');
  expect(codeOf("polars", { media_type: "text/tab-separated-values" })).toContain('separator="\\t"');
  expect(codeOf("pandas", { media_type: "application/jsonl" })).toContain("lines=True");
});
