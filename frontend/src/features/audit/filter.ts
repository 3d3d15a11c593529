/** What the page shows, as it stands in its address: days are those of the person who looks. */
export interface AuditSearch {
  action?: string | undefined;
  actor?: string | undefined;
  target?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

export const NAMES = ["action", "actor", "target", "since", "until"] as const;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** From whatever stands in the address. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const text = (name: string) => {
    const value = search[name];
    return (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;
  };
  const day = (name: string) => {
    const value = text(name);
    return value && DAY.test(value) && startOf(value) ? value : undefined;
  };
  return {
    action: text("action"),
    actor: text("actor"),
    target: text("target"),
    since: day("since"),
    until: day("until"),
  };
}

/** What the service is asked for: moments, and the last day as a whole. */
export function auditQuery({ action, actor, target, since, until }: AuditSearch) {
  const from = since && startOf(since);
  const to = until && startOf(until, 1);
  return {
    ...(action && { action }),
    ...(actor?.trim() && { actor: actor.trim() }),
    ...(target?.trim() && { target: target.trim() }),
    ...(from && { since: from.toISOString() }),
    ...(to && { until: to.toISOString() }),
  };
}

export type AuditQuery = ReturnType<typeof auditQuery>;

export function isEmpty(search: AuditSearch): boolean {
  return NAMES.every((name) => !search[name]);
}

/** The same rows as a file. */
export function exportPath(query: AuditQuery, format: "csv" | "jsonl"): string {
  return `/api/admin/audit/export?${new URLSearchParams({ ...query, format }).toString()}`;
}

/** The first moment of a day, or of one some days later; null for what is none, like the 31st of June. */
function startOf(day: string, later = 0): Date | null {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const start = new Date(year, month - 1, date);
  if (start.getFullYear() !== year || start.getMonth() !== month - 1 || start.getDate() !== date) return null;
  return new Date(year, month - 1, date + later);
}
