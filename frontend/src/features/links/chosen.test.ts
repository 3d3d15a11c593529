import { expect, it } from "vitest";
import type { Link } from "./api/list-links";
import { canRevoke, revocable, toggled } from "./chosen";

const link = (id: string, state: Link["state"]) => ({ id, state }) as Link;

it("revokes what was chosen and can still be", () => {
  const links = [link("a", "live"), link("b", "revoked"), link("c", "expired"), link("d", "live")];
  expect(revocable(links, new Set(["a", "b", "c", "lost"])).map(({ id }) => id)).toEqual(["a", "c"]);
  expect(canRevoke(link("x", "gone"))).toBe(false);
});

it("adds and takes away, and leaves the set before as it was", () => {
  const before = new Set(["a"]);
  expect(toggled(before, "b")).toEqual(new Set(["a", "b"]));
  expect(toggled(before, "a")).toEqual(new Set());
  expect(before).toEqual(new Set(["a"]));
});
