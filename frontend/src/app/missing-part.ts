import { readinessQuery } from "@/features/storage/api/readiness";
import { waitBy } from "@/lib/patiently";
import { queryClient } from "./session";

waitBy(untilBack);

const RELOADED = "aishare-reloaded";
const AGAIN_MS = 10_000;

/** Until the server is back, as all questions wait for it. */
async function untilBack(): Promise<void> {
  await queryClient.query({ ...readinessQuery, staleTime: 0 });
}

/** Code of the application that could not be loaded: the server was away, or has become a newer one meanwhile. */
export function isMissingPart(error: unknown): boolean {
  return error instanceof Error && /import.*module|unable to preload/i.test(error.message);
}

/** Browsers may remember that a module was missing, so the whole page is loaded anew. */
export async function reloadWhenBack(): Promise<void> {
  await untilBack();
  sessionStorage.setItem(RELOADED, String(Date.now()));
  window.location.reload();
}

/** What is still missing after that is a fault, and said. */
export function wasReloaded(): boolean {
  return Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < AGAIN_MS;
}
