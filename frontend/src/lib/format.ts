const UNITS = ["kB", "MB", "GB", "TB", "PB", "EB"] as const;
const grouped = new Intl.NumberFormat("en");

/** SI units with three digits, as storage is billed: 999 B, 1.23 MB, 45.6 GB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes / 1000;
  let unit = 0;
  // 999.5 would be printed as 1000
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(decimals)} ${UNITS[unit] ?? ""}`;
}

export function formatExactBytes(bytes: number): string {
  return `${grouped.format(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
}

export function formatCount(count: number): string {
  return grouped.format(count);
}

/** "1 file", "1,234 files" */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Two digits, since more would be noise in a latency: 4.2 ms, 230 ms, 1.3 s. */
export function formatMilliseconds(ms: number): string {
  if (ms >= 999.5) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const SPANS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export function formatRelative(time: string, now: number = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  for (const [unit, length] of SPANS) {
    if (Math.abs(seconds) >= length) return relative.format(whole(seconds / length), unit);
  }
  return "just now";
}

/** Past times are rounded down; something that ends in 6.99 days ends in 7. */
function whole(count: number): number {
  return count < 0 ? Math.trunc(count) : Math.round(count);
}

const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "long" });

export function formatAbsolute(time: string): string {
  return absolute.format(new Date(time));
}

/** Time left, deliberately coarse: a figure that changes every second is worse than none. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "Ada Lovelace, data scientist" -> name and role; without a comma there is only a name. */
export function splitDisplayName(displayName: string): readonly [string, string | null] {
  const comma = displayName.indexOf(",");
  if (comma < 1) return [displayName, null];
  return [displayName.slice(0, comma).trim(), displayName.slice(comma + 1).trim() || null];
}

/** "Ada Lovelace" -> "AL"; a single word gives its first letter. */
export function initials(displayName: string): string {
  const words = splitDisplayName(displayName)[0].split(/\s+/).filter(Boolean);
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return (firstLetter(words[0] ?? "?") + firstLetter(last ?? "")).toUpperCase();
}

function firstLetter(word: string): string {
  return Array.from(word)[0] ?? "";
}

/** An extension longer than this is shortened like the rest of the name. */
const MAX_EXTENSION = 13;
const LETTERS_BEFORE_EXTENSION = 3;

/** Splits a name in two; the second part is always shown, so that shortening keeps the extension. */
export function splitForMiddleEllipsis(name: string): readonly [string, string] {
  // by code point, so that no surrogate pair is cut in half
  const letters = Array.from(name);
  const dot = letters.lastIndexOf(".");
  const extension = dot > 0 && letters.length - dot <= MAX_EXTENSION ? letters.length - dot : 0;
  const tail = extension + LETTERS_BEFORE_EXTENSION;
  if (letters.length <= tail + 4) return ["", name];
  return [letters.slice(0, -tail).join(""), letters.slice(-tail).join("")];
}
