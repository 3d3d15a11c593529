import { expect, it } from "vitest";
import type { Upload } from "./queue";
import { headline, summarise } from "./summary";

const upload = (change: Partial<Upload>): Upload => ({
  id: 1,
  path: "a",
  size: 100,
  state: "sending",
  sent: 0,
  bytesPerSecond: 0,
  replaced: false,
  error: null,
  ...change,
});

it.each([
  [[upload({ sent: 50 }), upload({ state: "done", sent: 100 })], "Uploading 1 file, 75 %"],
  [[upload({ state: "done", sent: 100 }), upload({ state: "failed" })], "1 file uploaded, 1 failed"],
  [[upload({ state: "failed" }), upload({ state: "failed" })], "2 files failed"],
  [[upload({ state: "done" }), upload({ state: "done" })], "2 files uploaded"],
  [[upload({ state: "cancelled" })], "Nothing uploaded"],
])("sums up in one line", (uploads, text) => {
  expect(headline(summarise(uploads))).toBe(text);
});

it("counts an empty file as complete, not as a division by zero", () => {
  expect(summarise([upload({ size: 0 })]).percent).toBe(100);
});
