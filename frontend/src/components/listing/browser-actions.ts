import { createContext, type DragEvent, type MouseEvent, useContext } from "react";
import type { Entry, ListedFile } from "./entries";

/**
 * What rows and cards can ask for. The functions stay the same, so that only changed rows are drawn again. They are
 * methods, which lets a list of richer files take back the entries that it has given.
 */
export interface BrowserActions {
  /** Where the name leads when it is opened in a tab of its own. */
  addressOf(entry: Entry): string;
  /** Null where there is nothing to download by itself. */
  downloadUrl(file: ListedFile): string | null;
  /** A download was started. */
  downloaded?(): void;
  pick(entry: Entry, event: MouseEvent): void;
  /** Into the folder, or to the page of the file. */
  enter(entry: Entry): void;
  /** The file's drawer; a folder is entered. */
  preview(entry: Entry): void;
  /** None where nothing can be selected. */
  toggle?(entry: Entry, event: { shiftKey: boolean }): void;
  openMenu?(entry: Entry, place: { x: number; y: number }): void;
  drag?(entry: Entry, event: DragEvent): void;
  /** Moves what is being dragged into this folder. */
  dropInto?(folder: string): void;
}

export const BrowserActionsContext = createContext<BrowserActions | null>(null);

export function useBrowserActions(): BrowserActions {
  const actions = useContext(BrowserActionsContext);
  if (!actions) throw new Error("rows must be inside a browser");
  return actions;
}

/** The media type of a drag within the page; drags of files from outside carry "Files" instead. */
export const DRAG_TYPE = "application/x-aishare-entries";
