import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Location = components["schemas"]["LocationStateJson"];

export const locationsKey = ["locations"] as const;

const POLL_MS = 15_000;

/** Every place that holds or held files, the oldest first, and whether it answers. */
export const locationsQuery = queryOptions({
  queryKey: locationsKey,
  queryFn: async ({ signal }): Promise<Location[]> =>
    (await unwrap(client.GET("/api/admin/locations", { signal }))).items,
  refetchInterval: POLL_MS,
});
