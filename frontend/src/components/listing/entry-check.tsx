import { useBrowserActions } from "./browser-actions";
import type { Entry } from "./entries";
import classes from "./entry-check.module.css";

interface Props {
  entry: Entry;
  selected: boolean;
  tabIndex: number;
}

/** Adds to the selection; with Shift, selects a range. The label only enlarges the click area. */
export function EntryCheck({ entry, selected, tabIndex }: Props) {
  const actions = useBrowserActions();
  if (!actions.toggle) return null;
  return (
    <label className={classes.label} onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        checked={selected}
        tabIndex={tabIndex}
        aria-label={`Select ${entry.path}`}
        onChange={(event) => actions.toggle?.(entry, event.nativeEvent as unknown as { shiftKey: boolean })}
      />
    </label>
  );
}
