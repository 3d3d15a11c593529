import { Fragment, type ReactNode, use, useMemo, useState } from "react";
import type { MarkedToken, Tokens } from "marked";
import { CodeView } from "./code-view";
import { decodeEntities, headingLevels, parseMarkdown, safeHref, textOfHtml } from "./markdown";
import classes from "./markdown-view.module.css";
import { PictureDoorContext } from "./pictures";

/** Deeper levels are not rendered: only a malicious document nests this far. */
const MAX_DEPTH = 24;
/** Headings start below the heading of the page section. */
const TOP_LEVEL = 3;

/**
 * A Markdown document. Its elements are built one by one, and HTML in it is never passed to the browser, so a document
 * cannot bring in scripts, forms or images from other sites.
 */
export default function MarkdownView({ text, label }: { text: string; label: string }) {
  const parsed = useMemo(() => parseMarkdown(text), [text]);
  if (!parsed) return <CodeView text={text} language={null} label={label} />;
  const headings = parsed.tokens.filter((token) => token.type === "heading");
  const levels = headingLevels(
    headings.map((token) => token.depth),
    TOP_LEVEL,
  );
  const level = new Map(headings.map((token, index) => [token as MarkedToken, levels[index] ?? 6]));
  return (
    <div className={classes.document} role="region" aria-label={label} tabIndex={0}>
      {parsed.frontMatter !== null && (
        <CodeView text={parsed.frontMatter} language="yaml" label="Front matter of the document" />
      )}
      {parsed.tokens.map((token, index) => (
        <Block key={index} token={token} depth={0} level={level.get(token) ?? 6} />
      ))}
    </div>
  );
}

interface BlockProps {
  token: MarkedToken;
  depth: number;
  /** The level of a top-level heading; headings inside quotes and lists become bold text. */
  level?: number;
}

function Block({ token, depth, level }: BlockProps): ReactNode {
  if (depth > MAX_DEPTH) return token.raw;
  switch (token.type) {
    case "heading":
      return <Heading level={level}>{inline(token.tokens, depth)}</Heading>;
    case "paragraph":
      return <p>{inline(token.tokens, depth)}</p>;
    case "code":
      return <CodeView text={token.text} language={languageOf(token.lang)} label="Code" />;
    case "blockquote":
      return <blockquote>{blocks(token.tokens, depth)}</blockquote>;
    case "list":
      return <List token={token} depth={depth} />;
    case "table":
      return <MarkdownTable token={token} depth={depth} />;
    case "hr":
      return <hr />;
    case "html": {
      const words = textOfHtml(token.text);
      return words && <p>{words}</p>;
    }
    case "space":
    case "def":
      return null;
    default:
      return inline([token], depth);
  }
}

/** The first word behind the fence; empty for none. */
function languageOf(info: string | undefined): string | null {
  const word = info?.split(/\s/)[0] ?? "";
  return word === "" ? null : word;
}

function Heading({ level, children }: { level?: number | undefined; children: ReactNode }) {
  if (!level)
    return (
      <p>
        <strong>{children}</strong>
      </p>
    );
  const Tag = `h${level}` as "h3" | "h4" | "h5" | "h6";
  return <Tag>{children}</Tag>;
}

function blocks(tokens: readonly unknown[], depth: number): ReactNode {
  return (tokens as MarkedToken[]).map((token, index) => <Block key={index} token={token} depth={depth + 1} />);
}

function List({ token, depth }: { token: Tokens.List; depth: number }) {
  const items = token.items.map((item, index) => (
    <li key={index} data-task={item.task || undefined}>
      {blocks(item.tokens, depth)}
    </li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={token.start === "" ? undefined : token.start}>{items}</ol>;
}

function MarkdownTable({ token, depth }: { token: Tokens.Table; depth: number }) {
  const cells = (row: readonly Tokens.TableCell[], Tag: "th" | "td") =>
    row.map((cell, index) => (
      <Tag key={index} style={cell.align ? { textAlign: cell.align } : undefined}>
        {inline(cell.tokens, depth)}
      </Tag>
    ));
  return (
    <div className={classes.table} tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>{cells(token.header, "th")}</tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: readonly unknown[], depth: number): ReactNode {
  return (tokens as MarkedToken[]).map((token, index) => (
    <Fragment key={index}>{depth > MAX_DEPTH ? token.raw : inlineToken(token, depth + 1)}</Fragment>
  ));
}

function inlineToken(token: MarkedToken, depth: number): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens ? inline(token.tokens, depth) : decodeEntities(token.text);
    case "strong":
      return <strong>{inline(token.tokens, depth)}</strong>;
    case "em":
      return <em>{inline(token.tokens, depth)}</em>;
    case "del":
      return <del>{inline(token.tokens, depth)}</del>;
    case "codespan":
      return <code>{token.text}</code>;
    case "br":
      return <br />;
    case "checkbox":
      return (
        <input
          type="checkbox"
          checked={token.checked}
          readOnly
          disabled
          aria-label={token.checked ? "Done" : "To do"}
        />
      );
    case "link":
      return <OutsideLink href={token.href}>{inline(token.tokens, depth)}</OutsideLink>;
    case "image":
      return <Picture href={token.href} text={token.text} />;
    case "escape":
      return token.text;
    case "html":
      return textOfHtml(token.text);
    default:
      return <Block token={token} depth={depth} />;
  }
}

/** Images beside the document are shown. Images on other hosts become links, so nobody there sees who reads this. */
function Picture({ href, text }: { href: string; text: string }) {
  const [broken, setBroken] = useState(false);
  const address = use(PictureDoorContext)?.(href) ?? null;
  if (address === null || broken) return <OutsideLink href={href}>{text || "Image"}</OutsideLink>;
  return <img src={address} alt={text} loading="lazy" onError={() => setBroken(true)} />;
}

function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  const address = safeHref(href);
  if (address === null) return children;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}
