import { VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { Entry } from "./entries";
import type { Sort } from "./sort";
import { useLines } from "./use-lines";
import type { SelectionState } from "./use-selection";
import { EntryRow } from "./entry-row";
import classes from "./entry-table.module.css";
import { SortHeader } from "./sort-header";

export interface EntriesProps {
  entries: readonly Entry[];
  selection: SelectionState;
  /** Whether entries can be selected, or only looked at. */
  selectable: boolean;
  /** Shows names with their folders. */
  full: boolean;
  stale: boolean;
  onNearEnd: () => void;
}

interface Props extends EntriesProps {
  sort: Sort;
  onSort: (sort: Sort) => void;
}

export function EntryTable({ entries, selection, selectable, full, stale, onNearEnd, sort, onSort }: Props) {
  const phone = useMediaQuery("(max-width: 40em)", undefined, { getInitialValueInEffect: false });
  const { keys, focus } = selection;
  const focused = entries.findIndex((entry) => entry.key === focus.key);
  const { box, size, lines } = useLines({
    count: entries.length,
    height: phone ? 56 : 44,
    focused,
    focus,
    onNearEnd,
  });
  return (
    <div
      role="grid"
      aria-label="Files"
      aria-multiselectable={selectable || undefined}
      aria-rowcount={entries.length + 1}
      aria-busy={stale}
      data-stale={stale || undefined}
      data-plain={!selectable || undefined}
      className={classes.table}
    >
      <div role="row" aria-rowindex={1} className={classes.head}>
        {selectable && (
          <div role="columnheader" className={classes.check}>
            <SelectAll all={entries.length} selected={selection.selected.length} selection={selection} />
          </div>
        )}
        <SortHeader label="Name" column="path" sort={sort} onSort={onSort} className={classes.nameHead} />
        <div role="columnheader" className={classes.kind}>
          Type
        </div>
        <SortHeader label="Size" column="size" sort={sort} onSort={onSort} className={classes.size} end />
        <SortHeader label="Modified" column="modified_at" sort={sort} onSort={onSort} className={classes.modified} />
        <div role="columnheader">
          <VisuallyHidden>Actions</VisuallyHidden>
        </div>
      </div>
      <div role="rowgroup" ref={box} className={classes.rows} style={{ height: size }}>
        {lines.map(({ index, top }) => {
          const entry = entries[index];
          return (
            entry && (
              <EntryRow
                key={entry.key}
                entry={entry}
                index={index}
                top={top}
                selected={selectable ? keys.has(entry.key) : null}
                reachable={focused < 0 ? index === 0 : index === focused}
                full={full}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function SelectAll({ all, selected, selection }: { all: number; selected: number; selection: SelectionState }) {
  const some = selected > 0;
  return (
    <input
      type="checkbox"
      aria-label="Select all"
      checked={some && selected === all}
      ref={(input) => {
        if (input) input.indeterminate = some && selected < all;
      }}
      onChange={() => (some ? selection.clear() : selection.all())}
    />
  );
}
