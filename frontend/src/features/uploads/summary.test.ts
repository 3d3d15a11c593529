import { expect, it } from "vitest";
import { headline, summarise } from "./summary";
import { FRESH, type Upload } from "./upload";

const upload = (change: Partial<Upload>): Upload => ({
  ...FRESH,
  id: 1,
  batch: 1,
  kind: "file",
  path: "a",
  size: 100,
  state: "sending",
  ...change,
});
const done = (change: Partial<Upload> = {}) => upload({ state: "done", sent: 100, ...change });

it.each([
  [[upload({ sent: 20 })], "Uploading 1 file, 20 %"],
  [[upload({ sent: 50 }), done()], "Uploading 2 of 2 files, 75 %"],
  [
    [done(), done(), upload({ sent: 0, size: 800 }), upload({ state: "waiting", size: 0 })],
    "Uploading 3 of 4 files, 20 %",
  ],
  [[upload({ sent: 100 })], "Uploading 1 file, 99 %"],
  [[upload({ size: 0 }), done({ size: 0, sent: 0 })], "Uploading 2 of 2 files, 50 %"],
  [[upload({ kind: "folder", size: 0 }), done()], "Uploading 2 of 2 items, 99 %"],
  [[done(), upload({ state: "failed" })], "1 file uploaded, 1 failed"],
  [[upload({ state: "failed" }), upload({ state: "failed" })], "2 files failed"],
  [[done(), done(), upload({ state: "skipped" })], "2 files uploaded, 1 skipped"],
  [[done(), done({ kind: "folder" })], "1 file uploaded, 1 folder created"],
  [[upload({ state: "cancelled" })], "Nothing uploaded"],
])("sums up in one line (%#)", (uploads, text) => {
  expect(headline(summarise(uploads))).toBe(text);
});

it("counts the batch that is under way, not those before it", () => {
  const before = Array.from({ length: 200 }, () => done({ size: 1_000_000, sent: 1_000_000 }));
  const now = upload({ batch: 2, size: 315_000_000, sent: 63_000_000 });
  const summary = summarise([...before, now]);
  expect(headline(summary)).toBe("Uploading 1 file, 20 %");
  expect(summary.progress?.bytesLeft).toBe(252_000_000);
});

it("says what everything waits for, as long as nothing moves", () => {
  const held = upload({ state: "waiting", heldUp: "server" });
  expect(summarise([held]).heldUp).toBe("server");
  expect(summarise([held, upload({})]).heldUp).toBe(null);
});
