import { expect, it } from "vitest";
import { expiryOf, isLinkState, limitsOf, targetName, targetPath, usesOf } from "./state";

it("counts uses against the limit, and says when there were none", () => {
  expect(usesOf({ kind: "file", downloads: 0, max_downloads: null })).toBe("Not used yet");
  expect(usesOf({ kind: "file", downloads: 1, max_downloads: null })).toBe("1 download");
  expect(usesOf({ kind: "folder", downloads: 0, max_downloads: 1 })).toBe("0 of 1 download");
  expect(usesOf({ kind: "request", downloads: 1200, max_downloads: 5000 })).toBe("1,200 of 5,000 uploads");
});

it("names every restriction, and nothing where there is none", () => {
  expect(limitsOf({ username: null, has_password: false, version: "latest" })).toEqual([]);
  expect(limitsOf({ username: "grace", has_password: true, version: "current" })).toEqual([
    "for grace",
    "with a password",
    "this version only",
  ]);
});

it("says when a link ends or has ended", () => {
  const now = Date.parse("2026-11-25T12:00:00Z");
  expect(expiryOf({ state: "live", expires_at: null }, now)).toBe("does not expire");
  expect(expiryOf({ state: "live", expires_at: "2026-12-02T12:00:00Z" }, now)).toBe("expires next week");
  expect(expiryOf({ state: "expired", expires_at: "2026-11-24T12:00:00Z" }, now)).toBe("expired yesterday");
});

it("knows a state from any other word", () => {
  expect(isLinkState("used_up")).toBe(true);
  expect(isLinkState("alive")).toBe(false);
  expect(isLinkState(undefined)).toBe(false);
});

it("names what a link leads to, also when that is gone", () => {
  const file = { id: "1", name: "a.csv", path: "data/a.csv" };
  expect(targetName({ kind: "file", file, folder: null })).toBe("a.csv");
  expect(targetPath({ kind: "file", file, folder: null })).toBe("data/a.csv");
  expect(targetName({ kind: "folder", file: null, folder: "data/raw" })).toBe("raw");
  expect(targetPath({ kind: "folder", file: null, folder: "data" })).toBeNull();
  expect(targetName({ kind: "file", file: null, folder: null })).toBe("a deleted file");
});
