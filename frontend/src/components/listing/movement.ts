interface Place {
  /** The index of the focused entry; -1 for none. */
  index: number;
  count: number;
  /** Entries per line: 1 in the list view. */
  columns: number;
  /** Lines that fit the window. */
  page: number;
}

/** The entry that a movement key leads to; null for any other key. */
export function movement(key: string, { index, count, columns, page }: Place): number | null {
  const step = stepOf(key, columns, page);
  if (step === null || count === 0) return null;
  if (step === -Infinity) return 0;
  if (step === Infinity) return count - 1;
  if (index < 0) return step > 0 ? 0 : count - 1;
  const wanted = index + step;
  // a step down onto a short last line ends on its last entry; other steps out of the grid do nothing
  if (wanted >= count) return Math.abs(step) === 1 || onLastLine(index, count, columns) ? index : count - 1;
  if (wanted < 0) return Math.abs(step) > columns ? 0 : index;
  return wanted;
}

function stepOf(key: string, columns: number, page: number): number | null {
  switch (key) {
    case "ArrowDown":
      return columns;
    case "ArrowUp":
      return -columns;
    case "ArrowRight":
      return columns > 1 ? 1 : null;
    case "ArrowLeft":
      return columns > 1 ? -1 : null;
    case "PageDown":
      return columns * page;
    case "PageUp":
      return -columns * page;
    case "Home":
      return -Infinity;
    case "End":
      return Infinity;
    default:
      return null;
  }
}

function onLastLine(index: number, count: number, columns: number): boolean {
  return Math.floor(index / columns) === Math.floor((count - 1) / columns);
}
