import type { Entry } from "./entries";
import { CARD_GAP_PX } from "./use-columns";
import { useLines } from "./use-lines";
import { EntryCard } from "./entry-card";
import classes from "./entry-grid.module.css";
import type { EntriesProps } from "./entry-table";

const CARD_PX = 196;

interface Props extends EntriesProps {
  /** Cards beside each other. */
  columns: number;
}

export default function EntryGrid({ entries, selection, selectable, full, stale, onNearEnd, columns }: Props) {
  const { keys, focus } = selection;
  const focused = entries.findIndex((entry) => entry.key === focus.key);
  const { box, size, lines } = useLines({
    count: Math.ceil(entries.length / columns),
    height: CARD_PX + CARD_GAP_PX,
    focused: focused < 0 ? -1 : Math.floor(focused / columns),
    focus,
    onNearEnd,
  });
  return (
    <div
      role="grid"
      aria-label="Files"
      aria-multiselectable={selectable || undefined}
      aria-rowcount={Math.ceil(entries.length / columns)}
      aria-busy={stale}
      data-stale={stale || undefined}
      data-plain={!selectable || undefined}
      className={classes.grid}
    >
      <div role="rowgroup" ref={box} className={classes.lines} style={{ height: size }}>
        {lines.map(({ index: line, top, key }) => (
          <div
            key={key}
            role="row"
            aria-rowindex={line + 1}
            className={classes.line}
            style={{ transform: `translateY(${top}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
          >
            {entries.slice(line * columns, (line + 1) * columns).map((entry: Entry, place) => {
              const index = line * columns + place;
              return (
                <EntryCard
                  key={entry.key}
                  entry={entry}
                  selected={selectable ? keys.has(entry.key) : null}
                  reachable={focused < 0 ? index === 0 : index === focused}
                  full={full}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
