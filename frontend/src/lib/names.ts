/** Controls that turn the direction of writing, with which "exe.gpj" looks like a picture; and separators of lines. */
const MISLEADING = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A name that somebody chose, as a page may show it: what misleads the eye is seen as what it is. */
export function shownName(name: string): string {
  return name.replace(MISLEADING, "\ufffd");
}
