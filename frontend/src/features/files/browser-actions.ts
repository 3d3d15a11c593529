import { createContext, type DragEvent, type MouseEvent, useContext } from "react";
import type { Entry } from "./entries";

/** The actions of rows and cards. The functions are stable, so that only changed rows are rendered again. */
export interface BrowserActions {
  pick: (entry: Entry, event: MouseEvent) => void;
  toggle: (entry: Entry, event: { shiftKey: boolean }) => void;
  /** Opens the folder, or the page of the file. */
  enter: (entry: Entry) => void;
  /** Opens the drawer of a file; opens a folder. */
  preview: (entry: Entry) => void;
  openMenu: (entry: Entry, place: { x: number; y: number }) => void;
  drag: (entry: Entry, event: DragEvent) => void;
  /** Moves the dragged entries into this folder. */
  dropInto: (folder: string) => void;
}

export const BrowserActionsContext = createContext<BrowserActions | null>(null);

export function useBrowserActions(): BrowserActions {
  const actions = useContext(BrowserActionsContext);
  if (!actions) throw new Error("entries must be rendered inside a file browser");
  return actions;
}

/** The media type of a drag within the page; files dragged from outside have the type "Files". */
export const DRAG_TYPE = "application/x-aishare-entries";
