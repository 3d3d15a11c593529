import { expect, it } from "vitest";
import { contentAddress, sharedArchiveAddress, sharedUploadAddress } from "./addresses";

it("keeps folders and hides nothing else in the path", () => {
  expect(sharedUploadAddress("s1", "a b/ü?.csv")).toBe("/api/shares/s1/by-path/a%20b/%C3%BC%3F.csv");
  expect(contentAddress("f/1")).toBe("/api/files/f%2F1/content");
});

it("names the share, and the folder in it if there is one", () => {
  expect(sharedArchiveAddress("s1", "")).toBe("/api/archives?share=s1");
  expect(sharedArchiveAddress("s1", "a/b&c")).toBe("/api/archives?share=s1&folder=a%2Fb%26c");
});
