import { expect, it } from "vitest";
import { contentAddress, sharedUploadAddress } from "./addresses";

it("keeps folders and hides nothing else in the path", () => {
  expect(sharedUploadAddress("s1", "a b/ü?.csv")).toBe("/api/shares/s1/by-path/a%20b/%C3%BC%3F.csv");
  expect(contentAddress("f/1")).toBe("/api/files/f%2F1/content");
});
