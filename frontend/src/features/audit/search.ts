/** The filter of the page, as kept in its address; days are in the user's own time zone. */
export interface AuditSearch {
  action?: string | undefined;
  actor?: string | undefined;
  target?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** Reads the filter from the address, ignoring anything invalid. */
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
