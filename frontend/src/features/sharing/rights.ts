import type { Right } from "./api/list-shares";

/** Rights to choose from, in words that say what they allow. */
export const RIGHTS: readonly { value: Right; label: string }[] = [
  { value: "read", label: "Can read" },
  { value: "write", label: "Can change" },
];

export function isRight(value: unknown): value is Right {
  return RIGHTS.some((right) => right.value === value);
}

export function rightLabel(right: Right): string {
  return RIGHTS.find(({ value }) => value === right)?.label ?? right;
}

/** What each right means, for a file and for a folder. */
export function rightMeaning(right: Right, kind: "file" | "folder"): string {
  if (right === "read") return kind === "file" ? "View and download it." : "View and download everything in it.";
  return kind === "file"
    ? "Also replace it with a new version."
    : "Also upload files, and replace, rename or delete what is in it.";
}
