import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Scrub = components["schemas"]["ScrubJson"];

export const scrubsKey = ["scrubs"] as const;

const POLL_MS = { working: 1000, resting: 15_000 } as const;

/** All checks, newest first. */
export const scrubsQuery = queryOptions({
  queryKey: scrubsKey,
  queryFn: async ({ signal }): Promise<Scrub[]> => (await unwrap(client.GET("/api/admin/scrubs", { signal }))).items,
  refetchInterval: ({ state }) =>
    state.data?.some((scrub) => scrub.state === "running") ? POLL_MS.working : POLL_MS.resting,
});
