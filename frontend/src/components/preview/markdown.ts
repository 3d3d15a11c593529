import { Lexer, type MarkedToken } from "marked";

export interface Markdown {
  /** Between lines of dashes at the top, as model and dataset cards have it; YAML. */
  frontMatter: string | null;
  tokens: MarkedToken[];
}

const FRONT_MATTER = /^---\n([\s\S]{0,20000}?)\n---(?:\n|$)/;

/** The tokens of a Markdown document; null if it is nested too deeply to parse. */
export function parseMarkdown(text: string): Markdown | null {
  const front = FRONT_MATTER.exec(text);
  try {
    const tokens = [...Lexer.lex(text.slice(front?.[0].length ?? 0), { gfm: true })] as MarkedToken[];
    return { frontMatter: front?.[1] ?? null, tokens };
  } catch {
    return null;
  }
}

/** The target of a link to the web or to a mail address; null for anything else, which is shown as plain text. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const NAMED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  times: "×",
};

/** Decodes entities such as "&amp;" and "&#233;". */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return NAMED[name] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : parseInt(String(hex), 16);
    const letter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return letter ? String.fromCodePoint(code) : "\ufffd";
  });
}

/** The text of a piece of HTML. The result is only ever shown as text, so it cannot run anything. */
export function textOfHtml(html: string): string {
  return decodeEntities(html.replace(/<!--[\s\S]*?(?:-->|$)/g, "").replace(/<[^>]*>?/g, " "))
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * Heading levels without gaps, whatever the document starts with: screen readers navigate by them.
 * The first is `top`.
 */
export function headingLevels(depths: readonly number[], top: number): number[] {
  const open: number[] = [];
  return depths.map((depth) => {
    while (open.length > 0 && (open[open.length - 1] ?? 0) >= depth) open.pop();
    open.push(depth);
    return Math.min(6, top + open.length - 1);
  });
}
