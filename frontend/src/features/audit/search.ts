/** What the page shows, as it stands in its address: days are those of the person who looks. */
export interface AuditSearch {
  action?: string | undefined;
  actor?: string | undefined;
  target?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** From whatever stands in the address. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const text = (name: string) => {
    const value = search[name];
    return (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;
  };
  return {
    action: text("action"),
    actor: text("actor"),
    target: text("target"),
    since: text("since"),
    until: text("until"),
  };
}
