import { expect, it } from "vitest";
import type { StorageInfo } from "./api/storage-info";
import { locationTone, operationLabel, spoolState, stateOf, usedPercent } from "./status";

const space = (free_bytes: number | null, total_bytes: number | null) =>
  usedPercent({ free_bytes, total_bytes } as StorageInfo);

it("counts what is taken, where the size is known", () => {
  expect(space(25, 100)).toBe(75);
  expect(space(null, null)).toBeNull();
  expect(space(0, 0)).toBeNull();
});

it("has a word for what it does not know", () => {
  expect(operationLabel("get")).toBe("Read");
  expect(operationLabel("start_upload")).toBe("Start upload");
  expect(locationTone("new")).toBe("neutral");
});

it("says of a full disk that it is the disk", () => {
  const disk = { holds: ["data", "storage"], full: true, free_bytes: 10, total_bytes: 1000, reserve_bytes: 100 };
  const info = { status: "degraded", spool: { reason: null }, disks: [disk] } as StorageInfo;
  expect(stateOf(info).text).toContain("data, storage");
  expect(stateOf({ ...info, disks: [{ ...disk, full: false }] }).label).toBe("Degraded");
  expect(stateOf({ ...info, status: "ok" }).label).toBe("Works");
});

it("tells a spool that fills from one that is emptied", () => {
  const spool = { objects: 3, bytes: 10, reason: "Refused.", since: null };
  expect(spoolState(spool).label).toBe("In use");
  expect(spoolState({ ...spool, reason: null }).label).toBe("Being emptied");
  expect(spoolState({ ...spool, objects: 0, reason: null }).label).toBe("Empty");
});
