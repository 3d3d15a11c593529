import { expect, test } from "vitest";
import { choices, rightsText, scopesOf } from "./rights";

test("administering is offered to superusers, and not for a folder", () => {
  const values = (superuser: boolean, folder: string) => choices({ superuser, folder }).map(({ value }) => value);
  expect(values(false, "")).toEqual(["all", "read", "write"]);
  expect(values(true, "")).toEqual(["all", "read", "write", "admin"]);
  expect(values(true, "lab")).toEqual(["all", "read", "write"]);
});

test("what is chosen is what is asked for", () => {
  expect(scopesOf("all")).toBeNull();
  expect(scopesOf("write")).toEqual(["write"]);
});

test("a list says what a token may do, and where", () => {
  expect(rightsText(null, null)).toBe("Full access");
  expect(rightsText(["read"], null)).toBe("Read");
  expect(rightsText(["read", "write"], "lab/ci")).toBe("Read and write in lab/ci");
  expect(rightsText(["read", "admin"], null)).toBe("Read, administration");
});
