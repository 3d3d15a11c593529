import { type DragEvent, type MouseEvent, useState } from "react";
import { DRAG_TYPE, useBrowserActions } from "./browser-actions";
import type { Entry } from "./entries";

/** Mouse and drag handlers that rows and cards share. */
export function useEntryEvents(entry: Entry) {
  const actions = useBrowserActions();
  const drop = useFolderDrop(entry.type === "folder" ? entry.path : null);
  return {
    over: drop.over,
    handlers: {
      draggable: actions.drag !== undefined,
      onClick: (event: MouseEvent) => actions.pick(entry, event),
      onDoubleClick: () => actions.enter(entry),
      onContextMenu: (event: MouseEvent) => {
        if (!actions.openMenu) return;
        event.preventDefault();
        actions.openMenu(entry, { x: event.clientX, y: event.clientY });
      },
      onDragStart: (event: DragEvent) => actions.drag?.(entry, event),
      ...drop.handlers,
    },
  };
}

/** Accepts rows that are dragged onto a folder. */
export function useFolderDrop(folder: string | null) {
  const actions = useBrowserActions();
  const [over, setOver] = useState(false);
  if (folder === null || !actions.dropInto) return { over: false, handlers: {} };
  const accept = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    setOver(true);
  };
  return {
    over,
    handlers: {
      onDragEnter: accept,
      onDragOver: accept,
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
        event.preventDefault();
        setOver(false);
        actions.dropInto?.(folder);
      },
    },
  };
}
