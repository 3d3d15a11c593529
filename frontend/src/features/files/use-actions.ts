import { notifications } from "@mantine/notifications";
import { useEffect, useMemo, useRef } from "react";
import { useMoveEntries } from "./api/move-entries";
import { type BrowserActions, DRAG_TYPE } from "@/components/listing/browser-actions";
import type { OpenMenu } from "./components/entry-menu";
import type { Entry as ListedEntry } from "@/components/listing/entries";
import { downloadUrl } from "./download-url";
import { countOf, type Entry } from "./entries";
import { movesInto } from "./moves";
import { nameOf } from "@/lib/paths";
import type { SelectionState } from "@/components/listing/use-selection";

interface Sources {
  selection: SelectionState<Entry>;
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
      addressOf,
      downloadUrl: ({ id }) => downloadUrl(id),
      pick: (entry, event) => current.current.selection.pick(entry.key, event),
      toggle: (entry, { shiftKey }) => {
        const { pick, toggle } = current.current.selection;
        if (shiftKey) pick(entry.key, { shiftKey, ctrlKey: false, metaKey: false });
        else toggle(entry.key);
      },
      enter: (entry: Entry) => current.current.enter(entry),
      preview: (entry: Entry) => current.current.preview(entry),
      openMenu: (entry: Entry, { x, y }) => {
        current.current.selection.focusOn(entry.key);
        current.current.openMenu({ entries: allOf(entry), x, y });
      },
      drag: (entry: Entry, event) => {
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

function addressOf(entry: ListedEntry): string {
  if (entry.type === "file") return `/file/${encodeURIComponent(entry.file.id)}`;
  return `/files/${entry.path.split("/").map(encodeURIComponent).join("/")}`;
}
