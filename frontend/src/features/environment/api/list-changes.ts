import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Change = components["schemas"]["ChangeJson"];

export const changesKey = ["environment-changes"] as const;

/** The changes so far, the newest first. */
export const changesQuery = queryOptions({
  queryKey: [...changesKey, "all"],
  queryFn: async ({ signal }): Promise<Change[]> =>
    (await unwrap(client.GET("/api/environment-variables/changes", { signal }))).items,
});

const POLL_MS = { waiting: 1000, resting: 5000 } as const;

/** The newest change, asked for again and again: another person, another tab or time itself may end it. */
export const newestChangeQuery = queryOptions({
  queryKey: [...changesKey, "newest"],
  queryFn: async ({ signal }): Promise<Change | null> => {
    const params = { query: { limit: 1 } };
    return (await unwrap(client.GET("/api/environment-variables/changes", { params, signal }))).items[0] ?? null;
  },
  refetchInterval: ({ state }) => (state.data?.state === "waiting" ? POLL_MS.waiting : POLL_MS.resting),
});
