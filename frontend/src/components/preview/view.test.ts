import { expect, it } from "vitest";
import { isDrawn, prettyJson, viewOf } from "./view";

it.each([
  ["image/png", null, "image"],
  ["image/tiff", "/thumbnail", "image"],
  ["image/heic", null, "image"],
  ["application/json", null, "read"],
  ["text/csv", null, "read"],
  ["audio/flac", null, "audio"],
  ["video/quicktime", null, "video"],
  ["audio/aac", null, "audio"],
  ["application/pdf", null, "pdf"],
  ["application/vnd.safetensors", null, "read"],
])("%s with the thumbnail %s is shown as %s", (media_type, thumbnail_url, view) => {
  expect(viewOf({ media_type, thumbnail_url })).toBe(view);
});

it("knows what browsers draw themselves", () => {
  expect([isDrawn("image/webp"), isDrawn("image/tiff"), isDrawn("image/heic")]).toEqual([true, false, false]);
});

it("indents whole documents and leaves broken ones alone", () => {
  expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(prettyJson('{"a":')).toBe('{"a":');
});
