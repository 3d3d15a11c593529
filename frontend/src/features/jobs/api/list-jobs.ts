import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { isWorking } from "../state";

export type Job = components["schemas"]["JobJson"];

const POLL_MS = { working: 1000, resting: 15_000 } as const;

/** All background work, newest first. */
export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ signal }): Promise<Job[]> => (await unwrap(client.GET("/api/admin/jobs", { signal }))).items,
  refetchInterval: ({ state }) => (state.data?.some(isWorking) ? POLL_MS.working : POLL_MS.resting),
});
