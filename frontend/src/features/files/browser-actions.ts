import { createContext, type DragEvent, type MouseEvent, useContext } from "react";
import type { Entry } from "./entries";

/** What rows and cards can ask for. The functions stay the same, so that only changed rows are drawn again. */
export interface BrowserActions {
  pick: (entry: Entry, event: MouseEvent) => void;
  toggle: (entry: Entry, event: { shiftKey: boolean }) => void;
  /** Into the folder, or to the page of the file. */
  enter: (entry: Entry) => void;
  /** The file's drawer; a folder is entered. */
  preview: (entry: Entry) => void;
  openMenu: (entry: Entry, place: { x: number; y: number }) => void;
  drag: (entry: Entry, event: DragEvent) => void;
  /** Moves what is being dragged into this folder. */
  dropInto: (folder: string) => void;
}

export const BrowserActionsContext = createContext<BrowserActions | null>(null);

export function useBrowserActions(): BrowserActions {
  const actions = useContext(BrowserActionsContext);
  if (!actions) throw new Error("rows stand inside a browser");
  return actions;
}

/** The media type of a drag within the page; drags of files from outside carry "Files" instead. */
export const DRAG_TYPE = "application/x-aishare-entries";
