import { expect, test } from "vitest";
import { auditQuery, exportPath, isEmpty } from "./filter";
import { auditSearch } from "./search";

test("an address is read, and what is no text is left out", () => {
  expect(
    auditSearch({ action: "sign_in", actor: 7, target: "", since: "2026-11-25", until: ["x"], other: "y" }),
  ).toEqual({
    action: "sign_in",
    actor: "7",
    target: undefined,
    since: "2026-11-25",
    until: undefined,
  });
});

test("what is no day is no filter", () => {
  expect(auditQuery({ since: "yesterday", until: "2026-06-31" })).toEqual({});
  expect(auditQuery({ since: "0001-01-01" })).toEqual({});
});

test("the last day counts as a whole, in the time of the one who looks", () => {
  const { since, until } = auditQuery({ since: "2026-11-30", until: "2026-11-30" });
  expect(since).toBe(new Date(2026, 10, 30).toISOString());
  expect(until).toBe(new Date(2026, 11, 1).toISOString());
});

test("blanks are no filter", () => {
  expect(auditQuery({ actor: "  ", target: " a b " })).toEqual({ target: "a b" });
  expect(isEmpty(auditSearch({}))).toBe(true);
  expect(isEmpty({ actor: "ada" })).toBe(false);
});

test("the file has the same filter, encoded", () => {
  expect(exportPath(auditQuery({ target: "a&b" }), "csv")).toBe("/api/admin/audit/export?target=a%26b&format=csv");
});
