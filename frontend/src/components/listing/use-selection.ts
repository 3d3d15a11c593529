import { useMemo, useState } from "react";
import type { Entry } from "./entries";
import { everything, NOTHING, only, type Selection, toggled, upTo } from "./selection";

/** The focused entry; `asked` grows each time the keyboard moves the focus, which scrolls it into view. */
export interface Focus {
  readonly key: string | null;
  readonly asked: number;
}

export interface Modifiers {
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

export interface SelectionState<Of extends Entry = Entry> {
  readonly keys: ReadonlySet<string>;
  readonly selected: readonly Of[];
  readonly focus: Focus;
  pick: (key: string, modifiers: Modifiers) => void;
  toggle: (key: string) => void;
  focusOn: (key: string) => void;
  /** The keyboard moves: the focus goes along, and with Shift the end of the range. */
  moveTo: (key: string, extend: boolean) => void;
  all: (keys?: readonly string[]) => void;
  clear: () => void;
}

export function useSelection<Of extends Entry>(entries: readonly Of[]): SelectionState<Of> {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [focus, setFocus] = useState<Focus>({ key: null, asked: 0 });
  const order = useMemo(() => entries.map((entry) => entry.key), [entries]);
  const selected = useMemo(() => entries.filter((entry) => selection.keys.has(entry.key)), [entries, selection]);

  const pick = (key: string, { shiftKey, ctrlKey, metaKey }: Modifiers) => {
    setFocus((before) => ({ ...before, key }));
    setSelection((before) => {
      if (shiftKey) return upTo(before, order, key);
      return ctrlKey || metaKey ? toggled(before, key) : only(key);
    });
  };
  return {
    keys: selection.keys,
    selected,
    focus,
    pick,
    toggle: (key) => pick(key, { shiftKey: false, ctrlKey: true, metaKey: false }),
    focusOn: (key) => setFocus((before) => ({ ...before, key })),
    moveTo: (key, extend) => {
      setFocus((before) => ({ key, asked: before.asked + 1 }));
      setSelection((before) => (extend ? upTo(before, order, key) : only(key)));
    },
    all: (keys = order) => setSelection((before) => everything(before, keys)),
    clear: () => setSelection(NOTHING),
  };
}
