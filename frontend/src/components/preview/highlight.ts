import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import julia from "highlight.js/lib/languages/julia";
import latex from "highlight.js/lib/languages/latex";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";

const lowlight = createLowlight({
  bash,
  c,
  cpp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  julia,
  latex,
  makefile,
  markdown,
  python,
  r,
  rust,
  sql,
  typescript,
  xml,
  yaml,
});
lowlight.registerAlias({ bash: ["shell", "sh", "console"], ini: ["toml"], json: ["jsonl"] });

/** The kinds of code that get a colour of their own. */
export type Role = "comment" | "keyword" | "string" | "value" | "name" | "attribute" | "strong";

export interface Piece {
  text: string;
  role: Role | null;
}

/** The highlighter knows some fifty kinds of tokens; seven colours are enough to read by. */
const ROLES: Record<string, Role> = {
  comment: "comment",
  quote: "comment",
  meta: "comment",
  keyword: "keyword",
  built_in: "keyword",
  type: "keyword",
  "selector-tag": "keyword",
  string: "string",
  regexp: "string",
  code: "string",
  addition: "string",
  number: "value",
  literal: "value",
  symbol: "value",
  bullet: "value",
  deletion: "value",
  title: "name",
  function_: "name",
  class_: "name",
  name: "name",
  section: "strong",
  strong: "strong",
  attr: "attribute",
  attribute: "attribute",
  property: "attribute",
  variable: "attribute",
  "template-variable": "attribute",
  link: "attribute",
};

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

/** Splits code into pieces of one colour each; an unknown language is one piece. */
export function highlight(text: string, language: string): Piece[] {
  if (!lowlight.registered(language)) return [{ text, role: null }];
  const pieces: Piece[] = [];
  const walk = (nodes: readonly Node[], role: Role | null) => {
    for (const node of nodes) {
      if (node.type === "text") pieces.push({ text: node.value, role });
      else if (node.type === "element") walk(node.children, roleOf(node.properties.className) ?? role);
    }
  };
  walk(lowlight.highlight(language, text).children, null);
  return pieces;
}

function roleOf(names: unknown): Role | null {
  if (!Array.isArray(names)) return null;
  for (const name of names) {
    const role = typeof name === "string" ? ROLES[name.replace("hljs-", "")] : undefined;
    if (role) return role;
  }
  return null;
}
