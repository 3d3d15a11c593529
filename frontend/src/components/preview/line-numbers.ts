/** A longer line is wrapped, and then numbers beside it would not stand where they belong. */
const LONGEST = 400;

/** "1", "2", "3" below each other, one for each line; null for a text with very long lines. */
export function lineNumbers(text: string): string | null {
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines.some((line) => line.length > LONGEST)) return null;
  return lines.map((_, index) => index + 1).join("\n");
}
