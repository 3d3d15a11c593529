import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { FIT, moved, wheelFactor, type Zoom, zoomAt, zoomStep } from "./zoom";

/** Zoom by wheel, two fingers, double click and keys; move by dragging. */
export function useZoom(stage: RefObject<HTMLDivElement | null>, picture: RefObject<HTMLImageElement | null>) {
  const [zoom, setZoom] = useState(FIT);
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const change = (next: (zoom: Zoom) => Zoom) => {
    setZoom((before) => bounded(next(before), { x: 0, y: 0 }, picture.current, stage.current));
  };
  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      change((before) => zoomAt(before, wheelFactor(event.deltaY), fromMiddle(event, element)));
    };
    // React's own listener cannot keep the page from scrolling
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
    // `change` reads refs only
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stage]);
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const before = pointers.current.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
      pointers.current.set(event.pointerId, now);
      if (other) {
        const factor = distance(now, other) / Math.max(1, distance(before, other));
        const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
        const point = fromMiddle(middle, event.currentTarget);
        change((zoomed) => zoomAt(zoomed, factor, point));
      } else {
        const by = { x: now.x - before.x, y: now.y - before.y };
        setZoom((zoomed) => bounded(zoomed, by, picture.current, stage.current));
      }
    },
    onPointerUp: (event: PointerEvent) => void pointers.current.delete(event.pointerId),
    onPointerCancel: (event: PointerEvent) => void pointers.current.delete(event.pointerId),
    onDoubleClick: (event: { clientX: number; clientY: number; currentTarget: Element }) => {
      const point = fromMiddle(event, event.currentTarget);
      change((before) => (before.scale > 1 ? FIT : zoomAt(before, 3, point)));
    },
  };
  return {
    zoom,
    handlers,
    step: (direction: 1 | -1) => change((before) => zoomStep(before, direction)),
    reset: () => setZoom(FIT),
  };
}

function bounded(zoom: Zoom, by: { x: number; y: number }, picture: Element | null, stage: Element | null): Zoom {
  if (!(picture instanceof HTMLElement) || !stage) return zoom;
  const size = { width: picture.offsetWidth, height: picture.offsetHeight };
  return moved(zoom, by, size, { width: stage.clientWidth, height: stage.clientHeight });
}

function fromMiddle(at: { clientX: number; clientY: number }, element: Element): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  return { x: at.clientX - box.left - box.width / 2, y: at.clientY - box.top - box.height / 2 };
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
