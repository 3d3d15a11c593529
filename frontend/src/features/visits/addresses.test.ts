import { expect, it } from "vitest";
import { downloadAddress, memberAddress, requestAddress } from "./addresses";

it("leads to the whole, to one file in it, and into a request", () => {
  expect(downloadAddress("tok-en_1")).toBe("/d/tok-en_1");
  expect(memberAddress("t", "a b/ü?.csv")).toBe("/d/t/a%20b/%C3%BC%3F.csv");
  expect(requestAddress("t", "folder/a#1.bin")).toBe("/api/d/t/files/a%231.bin");
});
