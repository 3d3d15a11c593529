import { expect, it } from "vitest";
import { SpeedMeter } from "./speed";

it("measures over the last seconds only", () => {
  const meter = new SpeedMeter();
  expect(meter.bytesPerSecond).toBe(0);
  meter.add(0, 0);
  meter.add(1000, 1000);
  expect(meter.bytesPerSecond).toBe(1000);
  meter.add(1000, 6000);
  meter.add(3000, 7000);
  expect(meter.bytesPerSecond).toBe(2000);
});
