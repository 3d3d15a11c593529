import { describe, expect, it } from "vitest";
import { DEFAULT_OPTIONS, limitProblem, wishOf } from "./options";

describe("wishOf", () => {
  it("leaves everything to the service if nothing was chosen", () => {
    expect(wishOf(DEFAULT_OPTIONS)).toEqual({
      expires_in: null,
      password: null,
      username: null,
      max_downloads: null,
      version: "latest",
      note: null,
    });
  });

  it("takes over what was typed, a password to the letter", () => {
    const typed = { expiry: "day", password: " a b ", username: " grace ", maxUses: " 3 ", frozen: true, note: " hi " };
    expect(wishOf(typed)).toEqual({
      expires_in: 86_400,
      password: " a b ",
      username: "grace",
      max_downloads: 3,
      version: "current",
      note: "hi",
    });
  });

  it("tells never from the default", () => {
    expect(wishOf({ ...DEFAULT_OPTIONS, expiry: "never" }).expires_in).toBe(0);
  });
});

describe("limitProblem", () => {
  it.each(["", "1", " 25 ", "1000000"])("accepts %j", (text) => {
    expect(limitProblem(text)).toBeNull();
  });

  it.each(["0", "-1", "1.5", "many", "1000001", "Infinity"])("refuses %j", (text) => {
    expect(limitProblem(text)).not.toBeNull();
  });
});
