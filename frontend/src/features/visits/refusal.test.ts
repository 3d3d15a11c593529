import { expect, it } from "vitest";
import { REFUSAL_WORDS, refusalKind } from "./refusal";

it.each([
  ["link_not_found", "unknown"],
  ["link_expired", "expired"],
  ["link_revoked", "revoked"],
  ["link_used_up", "used-up"],
  ["link_gone", "gone"],
  ["link_other_user", "other-user"],
  ["link_password_required", "password"],
  ["not_authenticated", "sign-in"],
  ["something_new", "unknown"],
])("%s is %s", (code, kind) => {
  expect(refusalKind({ code })).toBe(kind);
});

it("says something else for each reason", () => {
  const titles = Object.values(REFUSAL_WORDS).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
