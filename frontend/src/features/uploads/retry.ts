import type { ApiError } from "@/lib/http";

/** The server was not reached, restarts, or asks for patience. Everything else is an answer that will not change by itself. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export function passes(error: ApiError): boolean {
  return error.code === "unreachable" || PASSING.has(error.status);
}

const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 30;

/** Twice as long each time; what the server asks for counts if it is longer. */
export function pauseSeconds(attempt: number, askedSeconds = 0): number {
  const own = Math.min(FIRST_PAUSE_SECONDS * 2 ** attempt, LONGEST_PAUSE_SECONDS);
  return Math.max(own, Math.min(askedSeconds, 600));
}
