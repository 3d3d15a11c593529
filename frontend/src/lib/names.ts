/** Characters that reverse the writing direction, which can make an .exe look like a .jpg, and line separators. */
const MISLEADING = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A user's file name as it is safe to show: misleading characters are made visible. */
export function shownName(name: string): string {
  return name.replace(MISLEADING, "\ufffd");
}
