import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Focus } from "./use-selection";

/** So many are drawn in full, which keeps the browser's own search in the page working. */
const ALL_DRAWN = 200;
/** What sticks to the top of the window and would cover a row: top bar, tool bar, head of the table. */
const STICKY_PX = 160;

interface Lines {
  count: number;
  height: number;
  /** The line with the focus: drawn even where it is scrolled out of view, or the focus would be lost. */
  focused: number;
  focus: Focus;
  onNearEnd: () => void;
}

/** Draws the lines near the window only, in a box as high as all of them. */
export function useLines({ count, height, focused, focus, onNearEnd }: Lines) {
  const { box, setBox, margin } = useBox();
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: count <= ALL_DRAWN ? ALL_DRAWN : 12,
    scrollMargin: margin,
    scrollPaddingStart: STICKY_PX,
    scrollPaddingEnd: 16,
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      if (focused < 0 || focused >= count || drawn.includes(focused)) return drawn;
      return [...drawn, focused].sort((a, b) => a - b);
    },
  });
  useEffect(() => virtualizer.measure(), [virtualizer, height]);
  const lines = virtualizer.getVirtualItems();
  const last = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    if (last >= count - 40) onNearEnd();
  }, [last, count, onNearEnd]);
  useEffect(() => {
    if (focus.asked === 0 || focus.key === null) return;
    virtualizer.scrollToIndex(focused);
    box.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus.key)}"]`)?.focus({ preventScroll: true });
    // asked anew at each press of a key, not when rows come and go
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [focus.asked]);
  return {
    box: setBox,
    size: virtualizer.getTotalSize(),
    lines: lines.map(({ index, start, key }) => ({ index, key, top: start - margin })),
  };
}

/** The box of the lines, and how far below the top of the page it begins. */
function useBox() {
  const box = useRef<HTMLElement>(null);
  const [margin, setMargin] = useState(0);
  const setBox = useCallback((element: HTMLElement | null) => {
    box.current = element;
    if (element) setMargin(Math.round(element.getBoundingClientRect().top + window.scrollY));
  }, []);
  return { box, setBox, margin };
}
