import { expect, it } from "vitest";
import { FIT, LARGEST, moved, wheelFactor, zoomAt, zoomStep } from "./zoom";

it("keeps the point under the cursor in its place", () => {
  const point = { x: 100, y: -40 };
  const before = { scale: 2, x: 30, y: 10 };
  const after = zoomAt(before, 1.7, point);
  const under = (zoom: typeof before) => [(point.x - zoom.x) / zoom.scale, (point.y - zoom.y) / zoom.scale];
  const [x, y] = under(before);
  expect(under(after)[0]).toBeCloseTo(x ?? NaN);
  expect(under(after)[1]).toBeCloseTo(y ?? NaN);
});

it("ends at the whole picture and at the largest", () => {
  expect(zoomAt({ scale: 1.2, x: 50, y: 50 }, 0.5)).toEqual(FIT);
  let zoom = FIT;
  for (let step = 0; step < 20; step += 1) zoom = zoomStep(zoom, 1);
  expect(zoom.scale).toBe(LARGEST);
});

it("moves a picture to its edges and not beyond", () => {
  const [picture, stage] = [
    { width: 400, height: 100 },
    { width: 500, height: 500 },
  ];
  expect(moved({ scale: 2, x: 0, y: 0 }, { x: 1000, y: 1000 }, picture, stage)).toEqual({ scale: 2, x: 150, y: 0 });
  expect(moved({ scale: 2, x: 0, y: 0 }, { x: -20, y: 5 }, picture, stage)).toEqual({ scale: 2, x: -20, y: 0 });
});

it("takes a wild wheel for a quick one", () => {
  expect(wheelFactor(100)).toBeLessThan(1);
  expect(wheelFactor(-100)).toBeGreaterThan(1);
  expect(wheelFactor(99_999)).toBe(wheelFactor(300));
});
