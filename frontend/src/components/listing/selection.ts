/** What is selected, and where a Shift range starts. Immutable. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const NOTHING: Selection = { keys: new Set(), anchor: null };

export function only(key: string): Selection {
  return { keys: new Set([key]), anchor: key };
}

export function toggled(selection: Selection, key: string): Selection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key };
}

/** From the anchor to the key; without a visible anchor, only the key. */
export function upTo(selection: Selection, order: readonly string[], key: string): Selection {
  const start = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const end = order.indexOf(key);
  if (start < 0 || end < 0) return only(key);
  const keys = new Set(order.slice(Math.min(start, end), Math.max(start, end) + 1));
  return { keys, anchor: selection.anchor };
}

export function everything(selection: Selection, order: readonly string[]): Selection {
  return { keys: new Set(order), anchor: selection.anchor };
}
