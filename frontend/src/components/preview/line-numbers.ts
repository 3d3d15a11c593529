/** Text with longer lines is wrapped, so numbers beside it would not line up. */
const LONGEST = 400;

/** The numbers of the lines, one on each line; null for a text with very long lines. */
export function lineNumbers(text: string): string | null {
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines.some((line) => line.length > LONGEST)) return null;
  return lines.map((_, index) => index + 1).join("\n");
}
