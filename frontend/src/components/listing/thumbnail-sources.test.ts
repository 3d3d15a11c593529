import { expect, it } from "vitest";
import { reservedBox, thumbnailSources } from "./thumbnail-sources";

it("names both sizes", () => {
  const url = "/api/files/a/thumbnail?v=1";
  expect(thumbnailSources(url)).toEqual({ src: url, srcSet: `${url} 1x, ${url}&scale=2 2x` });
});

it.each([
  [4000, 3000, "min(100%, 184px)"],
  [3000, 4000, "min(100%, 104px)"],
  [16, 16, "min(100%, 16px)"],
  [1, 10_000, "min(100%, 1px)"],
])("an image of %d by %d takes %s of a box 138 high", (width, height, wanted) => {
  expect(reservedBox({ width, height, colour: "#123456" }, 138)).toEqual({
    width: wanted,
    aspectRatio: `${width} / ${height}`,
    backgroundColor: "#123456",
  });
});

it("reserves nothing where the size is not known yet", () => {
  expect(reservedBox(null, 138)).toBeUndefined();
});
