import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Focus } from "./use-selection";

/** Up to this many lines are all rendered, so that the browser's own page search works. */
const ALL_DRAWN = 200;
/** The height of what sticks to the top of the window: top bar, toolbar, table header. */
const STICKY_PX = 160;

interface Lines {
  count: number;
  height: number;
  /** The focused line: rendered even when scrolled out of view, or the focus would be lost. */
  focused: number;
  focus: Focus;
  onNearEnd: () => void;
}

/** Renders only the lines near the window, in a box as high as all of them. */
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
    // scrolls on each key press, not when rows come and go
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [focus.asked]);
  return {
    box: setBox,
    size: virtualizer.getTotalSize(),
    lines: lines.map(({ index, start, key }) => ({ index, key, top: start - margin })),
  };
}

/** The box of the lines, and its distance from the top of the page. */
function useBox() {
  const box = useRef<HTMLElement>(null);
  const [margin, setMargin] = useState(0);
  const setBox = useCallback((element: HTMLElement | null) => {
    box.current = element;
    if (element) setMargin(Math.round(element.getBoundingClientRect().top + window.scrollY));
  }, []);
  return { box, setBox, margin };
}
