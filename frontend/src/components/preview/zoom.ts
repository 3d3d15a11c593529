/** The position of an image in its stage: moved by x and y pixels from the centre, then scaled. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** As large as the stage allows. */
export const FIT: Zoom = { scale: 1, x: 0, y: 0 };
export const LARGEST = 16;
const STEP = 1.5;

/** Scales around a point, relative to the centre of the stage; the point keeps its position. */
export function zoomAt(zoom: Zoom, factor: number, point: { x: number; y: number } = { x: 0, y: 0 }): Zoom {
  const scale = Math.min(LARGEST, Math.max(1, zoom.scale * factor));
  if (scale === 1) return FIT;
  const ratio = scale / zoom.scale;
  return { scale, x: point.x - (point.x - zoom.x) * ratio, y: point.y - (point.y - zoom.y) * ratio };
}

/** By a key or button. */
export function zoomStep(zoom: Zoom, direction: 1 | -1): Zoom {
  return zoomAt(zoom, direction > 0 ? STEP : 1 / STEP);
}

/** By a wheel; a notch of most mice is 100. */
export function wheelFactor(deltaY: number): number {
  return Math.exp(-Math.max(-300, Math.min(300, deltaY)) / 400);
}

/** Moves the image, but never out of sight. */
export function moved(zoom: Zoom, by: { x: number; y: number }, picture: Size, stage: Size): Zoom {
  const within = (value: number, length: number, room: number) => {
    const most = Math.max(0, (length * zoom.scale - room) / 2);
    return Math.min(most, Math.max(-most, value));
  };
  return {
    scale: zoom.scale,
    x: within(zoom.x + by.x, picture.width, stage.width),
    y: within(zoom.y + by.y, picture.height, stage.height),
  };
}
