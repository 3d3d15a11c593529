import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Change = components["schemas"]["ChangeJson"];

export const changesKey = ["environment-changes"] as const;

/** The changes of before. While one waits to be confirmed it is watched, for it ends by itself. */
export const changesQuery = queryOptions({
  queryKey: changesKey,
  queryFn: async ({ signal }): Promise<Change[]> =>
    (await unwrap(client.GET("/api/environment-variables/changes", { signal }))).items,
  refetchInterval: ({ state }) => (state.data?.some((change) => change.state === "waiting") ? 2000 : false),
});
