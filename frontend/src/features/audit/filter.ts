import type { AuditSearch } from "./search";

/** The query for the server: days become points in time, and the last day counts as a whole. */
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

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export type AuditQuery = ReturnType<typeof auditQuery>;

export function isEmpty(search: AuditSearch): boolean {
  return Object.values(search).every((value) => !value);
}

/** The address that exports the same rows as a file. */
export function exportPath(query: AuditQuery, format: "csv" | "jsonl"): string {
  return `/api/admin/audit/export?${new URLSearchParams({ ...query, format }).toString()}`;
}

/** The start of a day, or of a day some days later; null for an invalid date such as 31 June. */
function startOf(day: string, later = 0): Date | null {
  if (!DAY.test(day)) return null;
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const start = new Date(year, month - 1, date);
  if (start.getFullYear() !== year || start.getMonth() !== month - 1 || start.getDate() !== date) return null;
  return new Date(year, month - 1, date + later);
}
