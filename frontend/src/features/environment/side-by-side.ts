import type { BackupDiff } from "./api/backup-diff";

export type DiffLine = BackupDiff["lines"][number];

/** A row of the comparison: the file of now at the left, the backup at the right; or lines that were left out. */
export type DiffRow = { before: DiffLine | null; after: DiffLine | null } | { folded: number };

const CONTEXT = 3;

/** Removed and added lines that follow each other stand side by side; long equal stretches are folded. */
export function sideBySide(lines: readonly DiffLine[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let at = 0;
  while (at < lines.length) {
    const same = takeWhile(lines, at, (line) => line.kind === "same");
    rows.push(...folded(same, at === 0, at + same.length === lines.length));
    at += same.length;
    const differing = takeWhile(lines, at, (line) => line.kind !== "same");
    rows.push(...paired(differing));
    at += differing.length;
  }
  return rows;
}

function paired(lines: readonly DiffLine[]): DiffRow[] {
  const removed = lines.filter((line) => line.kind === "removed");
  const added = lines.filter((line) => line.kind === "added");
  const length = Math.max(removed.length, added.length);
  return Array.from({ length }, (_, row) => ({ before: removed[row] ?? null, after: added[row] ?? null }));
}

function folded(lines: readonly DiffLine[], first: boolean, last: boolean): DiffRow[] {
  const head = first ? 0 : CONTEXT;
  const tail = last ? 0 : CONTEXT;
  const hidden = lines.length - head - tail;
  const both = (line: DiffLine): DiffRow => ({ before: line, after: line });
  // to fold a single line saves nothing
  if (hidden < 2) return lines.map(both);
  return [...lines.slice(0, head).map(both), { folded: hidden }, ...lines.slice(lines.length - tail).map(both)];
}

function takeWhile(lines: readonly DiffLine[], from: number, wanted: (line: DiffLine) => boolean): readonly DiffLine[] {
  const end = lines.findIndex((line, index) => index >= from && !wanted(line));
  return lines.slice(from, end === -1 ? lines.length : end);
}
