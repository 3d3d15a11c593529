import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDuration,
  formatExactBytes,
  formatMilliseconds,
  formatQuantity,
  formatRelative,
  initials,
  splitDisplayName,
  splitForMiddleEllipsis,
} from "./format";

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [1234, "1.23 kB"],
    [9_995, "10.0 kB"],
    [99_950, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.00 MB"],
    [8_388_608, "8.39 MB"],
    [1_099_511_627_776, "1.10 TB"],
    [5e18, "5.00 EB"],
  ])("%d is %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("groups the exact count and knows the singular", () => {
    expect(formatExactBytes(1_234_567)).toBe("1,234,567 bytes");
    expect(formatExactBytes(1)).toBe("1 byte");
  });
});

describe("formatMilliseconds", () => {
  it.each([
    [0, "0.0 ms"],
    [4.24, "4.2 ms"],
    [9.96, "10 ms"],
    [230.5, "231 ms"],
    [999.6, "1.0 s"],
    [9000, "9.0 s"],
  ])("%d is %s", (ms, text) => {
    expect(formatMilliseconds(ms)).toBe(text);
  });
});

it("groups a quantity and knows its singular", () => {
  expect(formatQuantity(1, "file")).toBe("1 file");
  expect(formatQuantity(1234, "file")).toBe("1,234 files");
  expect(formatQuantity(0, "entry", "entries")).toBe("0 entries");
});

describe("formatRelative", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  it.each([
    ["2026-11-24T11:59:30Z", "just now"],
    ["2026-11-24T11:55:00Z", "5 minutes ago"],
    ["2026-11-24T09:00:00Z", "3 hours ago"],
    ["2026-11-23T11:00:00Z", "yesterday"],
    ["2026-11-10T12:00:00Z", "2 weeks ago"],
    ["2025-11-01T12:00:00Z", "last year"],
    ["2026-12-01T11:59:58Z", "in 7 days"],
    ["2026-11-24T13:20:00Z", "in 1 hour"],
    ["2026-11-18T00:00:01Z", "6 days ago"],
  ])("%s is %s", (time, text) => {
    expect(formatRelative(time, now)).toBe(text);
  });
});

describe("formatDuration", () => {
  it.each([
    [0.2, "1 s"],
    [59, "59 s"],
    [90, "2 min"],
    [3660, "1 h 1 min"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe("names", () => {
  it("takes first and last initial", () => {
    expect(initials("Ada Lovelace")).toBe("AL");
    expect(initials("grace")).toBe("G");
    expect(initials("Ada, data scientist")).toBe("A");
    expect(initials("")).toBe("?");
  });

  it("tells a name from what stands behind its comma", () => {
    expect(splitDisplayName("Ada, data scientist")).toEqual(["Ada", "data scientist"]);
    expect(splitDisplayName("Ada")).toEqual(["Ada", null]);
    expect(splitDisplayName(", odd")).toEqual([", odd", null]);
  });

  it("keeps the end of a long name, and short names whole", () => {
    expect(splitForMiddleEllipsis("a-rather-long-name.safetensors")).toEqual(["a-rather-long-n", "ame.safetensors"]);
    expect(splitForMiddleEllipsis("notes.md")).toEqual(["", "notes.md"]);
    expect(splitForMiddleEllipsis("model.safetensors")).toEqual(["", "model.safetensors"]);
  });

  it("never cuts a letter outside the basic plane in half", () => {
    const [head, tail] = splitForMiddleEllipsis("🐧".repeat(20));
    expect(head + tail).toBe("🐧".repeat(20));
    expect(Array.from(tail)).toHaveLength(3);
  });
});
