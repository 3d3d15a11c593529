import { UnstyledButton } from "@mantine/core";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { Sort } from "./sort";
import classes from "./sort-header.module.css";

interface Props {
  label: string;
  column: "path" | "size" | "modified_at";
  sort: Sort;
  onSort: (sort: Sort) => void;
  className: string | undefined;
  /** Right-aligned, as its numbers are. */
  end?: boolean;
}

export function SortHeader({ label, column, sort, onSort, className, end = false }: Props) {
  const descending = sort === `-${column}`;
  const active = descending || sort === column;
  const Arrow = descending ? ArrowDown : ArrowUp;
  // names start at A, sizes and times at the largest and newest
  const next = active
    ? descending
      ? column
      : (`-${column}` as const)
    : column === "path"
      ? column
      : (`-${column}` as const);
  return (
    <div
      role="columnheader"
      className={className}
      aria-sort={active ? (descending ? "descending" : "ascending") : "none"}
    >
      <UnstyledButton
        className={classes.button}
        data-end={end || undefined}
        data-active={active || undefined}
        onClick={() => onSort(next)}
      >
        {label}
        <Arrow size={14} strokeWidth={1.75} aria-hidden className={classes.arrow} />
      </UnstyledButton>
    </div>
  );
}
