export type Preview = "image" | "text" | "json" | "table" | "audio" | "video" | "pdf" | "none";

const IMAGES = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/avif",
  "image/bmp",
  "image/svg+xml",
]);
const TEXTS = /^(text\/|application\/(jsonl|yaml|toml|xml|x-ipynb\+json|javascript))/;
const PLAYED = /^(audio\/(mpeg|ogg|wav|flac|mp4)|video\/(mp4|webm))$/;

/** How a file can be shown, by its media type: what a browser can draw without help. */
export function previewOf({ media_type: type }: { media_type: string }): Preview {
  if (IMAGES.has(type)) return "image";
  if (type === "application/json" || type === "application/x-ipynb+json") return "json";
  if (type === "text/csv" || type === "text/tab-separated-values") return "table";
  if (TEXTS.test(type)) return "text";
  if (PLAYED.test(type)) return type.startsWith("audio/") ? "audio" : "video";
  return type === "application/pdf" ? "pdf" : "none";
}

/** Indented, if this is the whole of a JSON document; as it is otherwise. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Rows of a CSV or TSV (RFC 4180); the last one is left out if the text was cut within it. */
export function parseTable(
  text: string,
  separator: "," | "\t",
  { cut, limit }: { cut: boolean; limit: number },
): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < limit; at += 1) {
    const letter = text.charAt(at);
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && field === "") quoted = true;
    else if (letter === separator) {
      row.push(field);
      field = "";
    } else if (letter === "\n") {
      rows.push([...row, field.replace(/\r$/, "")]);
      row = [];
      field = "";
    } else field += letter;
  }
  if (!cut && rows.length < limit && (field !== "" || row.length > 0)) rows.push([...row, field]);
  return rows;
}
