import { expect, it, vi } from "vitest";
import { patiently, waitBy } from "./patiently";

it("waits for the server and loads once more", async () => {
  const wait = vi.fn(() => Promise.resolve());
  waitBy(wait);
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError("gone")).mockResolvedValue("part");
  await expect(patiently(load)()).resolves.toBe("part");
  expect(wait).toHaveBeenCalledOnce();
});

it("fails if it is still missing then", async () => {
  await expect(patiently(() => Promise.reject(new TypeError("gone")))()).rejects.toThrow("gone");
});
