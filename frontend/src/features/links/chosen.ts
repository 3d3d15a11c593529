import type { Link } from "./api/list-links";

/** The links that are chosen, are still listed, and can be revoked. */
export function revocable(links: readonly Link[], chosen: ReadonlySet<string>): Link[] {
  return links.filter((link) => chosen.has(link.id) && canRevoke(link));
}

/** What has ended by itself may still be revoked; what was revoked stays so. */
export function canRevoke({ state }: Pick<Link, "state">): boolean {
  return state !== "revoked" && state !== "gone";
}

/** The set with or without one id. */
export function toggled(chosen: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}
