export type View = "image" | "audio" | "video" | "pdf" | "read";

const DRAWN = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/avif",
  "image/bmp",
  "image/svg+xml",
]);
const PLAYED = /^(audio\/(mpeg|ogg|wav|flac|mp4|aac)|video\/(mp4|webm|quicktime))$/;

interface Shown {
  media_type: string;
  thumbnail_url: string | null;
}

/** How a file is shown: by the browser itself if it can, otherwise through the server's preview. */
export function viewOf({ media_type: type, thumbnail_url: thumbnail }: Shown): View {
  if (DRAWN.has(type) || thumbnail || type.startsWith("image/")) return "image";
  if (PLAYED.test(type)) return type.startsWith("audio/") ? "audio" : "video";
  return type === "application/pdf" ? "pdf" : "read";
}

/** Whether browsers show this image type themselves; other types are shown through the server's thumbnail. */
export function isDrawn(type: string): boolean {
  return DRAWN.has(type);
}

/** Indents a complete JSON document; other text is returned unchanged. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
