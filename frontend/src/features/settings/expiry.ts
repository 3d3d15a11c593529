const DAY_SECONDS = 86_400;

/** Lifetimes of a token to choose from, in seconds; null for one that does not expire. */
export const LIFETIMES = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
] as const;

export function lifetimeSeconds(choice: string): number | null {
  return choice === "never" ? null : Number(choice) * DAY_SECONDS;
}

export function isExpired(expiresAt: string | null, now: number = Date.now()): boolean {
  return expiresAt !== null && new Date(expiresAt).getTime() <= now;
}

/** A command to try a token with. It uses this page's own address, which is known to be reachable. */
export function curlLine(origin: string, token: string): string {
  return `curl -H "Authorization: Bearer ${token}" ${origin}/api/files`;
}
