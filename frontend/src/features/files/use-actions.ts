import { notifications } from "@mantine/notifications";
import { useEffect, useMemo, useRef } from "react";
import { useMoveEntries } from "./api/move-entries";
import { type BrowserActions, DRAG_TYPE } from "./browser-actions";
import type { OpenMenu } from "./components/entry-menu";
import { countOf, type Entry } from "./entries";
import { movesInto } from "./moves";
import { nameOf } from "./paths";
import type { SelectionState } from "./use-selection";

interface Sources {
  selection: SelectionState;
  enter: (entry: Entry) => void;
  preview: (entry: Entry) => void;
  openMenu: (menu: OpenMenu) => void;
}

/** One stable object for all rows; it reads the current state when it is called. */
export function useActions(sources: Sources): BrowserActions {
  const current = useRef(sources);
  useEffect(() => {
    current.current = sources;
  });
  const dragged = useRef<readonly Entry[]>([]);
  const { mutate: move } = useMoveEntries(({ done, failures }) => {
    const [first] = done;
    const [refused] = failures;
    if (refused)
      notifications.show({
        title: "Could not move",
        message: `${refused.item.entry.path}: ${refused.error.message}`,
        color: "red",
      });
    else if (first)
      notifications.show({
        title: "Moved",
        message: `${countOf(done.map(({ entry }) => entry))} to ${nameOf(first.path.slice(0, -first.entry.name.length - 1)) || "Files"}`,
      });
  });
  return useMemo(() => {
    const allOf = (entry: Entry): readonly Entry[] => {
      const { keys, selected } = current.current.selection;
      return keys.has(entry.key) ? selected : [entry];
    };
    return {
      pick: (entry, event) => current.current.selection.pick(entry.key, event),
      toggle: (entry, { shiftKey }) => {
        const { pick, toggle } = current.current.selection;
        if (shiftKey) pick(entry.key, { shiftKey, ctrlKey: false, metaKey: false });
        else toggle(entry.key);
      },
      enter: (entry) => current.current.enter(entry),
      preview: (entry) => current.current.preview(entry),
      openMenu: (entry, { x, y }) => {
        current.current.selection.focusOn(entry.key);
        current.current.openMenu({ entries: allOf(entry), x, y });
      },
      drag: (entry, event) => {
        dragged.current = allOf(entry);
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData(DRAG_TYPE, "");
      },
      dropInto: (folder) => {
        const moves = movesInto(dragged.current, folder);
        if (moves.length > 0) move(moves);
        current.current.selection.clear();
      },
    };
  }, [move]);
}
