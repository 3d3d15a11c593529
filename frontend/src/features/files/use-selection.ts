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

export function useSelection(entries: readonly Entry[]) {
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
    toggle: (key: string) => pick(key, { shiftKey: false, ctrlKey: true, metaKey: false }),
    focusOn: (key: string) => setFocus((before) => ({ ...before, key })),
    /** A keyboard move: moves the focus, and with Shift extends the range. */
    moveTo: (key: string, extend: boolean) => {
      setFocus((before) => ({ key, asked: before.asked + 1 }));
      setSelection((before) => (extend ? upTo(before, order, key) : only(key)));
    },
    all: (keys: readonly string[] = order) => setSelection((before) => everything(before, keys)),
    clear: () => setSelection(NOTHING),
  };
}

export type SelectionState = ReturnType<typeof useSelection>;
