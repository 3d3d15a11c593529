import { useWindowEvent } from "@mantine/hooks";
import type { RefObject } from "react";
import type { Entry } from "./entries";
import { movement } from "./movement";
import type { SelectionState } from "./use-selection";

interface Keys<Of extends Entry> {
  root: RefObject<HTMLElement | null>;
  entries: readonly Of[];
  selection: SelectionState;
  /** Whether entries can be selected, or only looked at. */
  selectable: boolean;
  columns: number;
  /** A dialog or the drawer handles the keyboard. */
  asleep: boolean;
  onKey: Partial<Record<BrowserKey, (focused: Of | undefined) => void>>;
}

/** Keys other than those for movement and selection. */
export type BrowserKey = "Enter" | " " | "Delete" | "F2" | "Backspace" | "?";

const PAGE_LINES = 12;

/** Keyboard shortcuts of the file browser, while the focus is in it or nowhere. */
export function useBrowserKeys<Of extends Entry>(keys: Keys<Of>): void {
  const { root, entries, selection, selectable, columns, asleep, onKey } = keys;
  const handle = (event: KeyboardEvent): boolean => {
    const { key, target } = event;
    const inControl = target instanceof Element && target.closest("button, a, input") !== null;
    if (event.altKey) return false;
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() !== "a" || !selectable) return false;
      selection.all();
      return true;
    }
    if (key === "Escape") {
      selection.clear();
      return true;
    }
    const index = entries.findIndex((entry) => entry.key === selection.focus.key);
    const next = movement(key, { index, count: entries.length, columns, page: PAGE_LINES });
    const there = next === null ? undefined : entries[next];
    if (there) {
      selection.moveTo(there.key, selectable && event.shiftKey);
      return true;
    }
    // Enter and Space on a button press the button
    if (inControl && (key === "Enter" || key === " ")) return false;
    const act = isBrowserKey(key) ? onKey[key] : undefined;
    act?.(entries[index]);
    return act !== undefined;
  };
  useWindowEvent("keydown", (event) => {
    if (asleep || event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
    if (!isOurs(event.target, root.current)) return;
    if (handle(event)) event.preventDefault();
  });
}

function isOurs(target: HTMLElement, root: HTMLElement | null): boolean {
  return target === document.body || target.id === "content" || root?.contains(target) === true;
}

function isBrowserKey(key: string): key is BrowserKey {
  return ["Enter", " ", "Delete", "F2", "Backspace", "?"].includes(key);
}
