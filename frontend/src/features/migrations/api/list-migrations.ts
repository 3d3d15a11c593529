import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { isWorking, POLL_MS } from "../state";

export type Migration = components["schemas"]["MigrationJson"];

/** Also the beginning of the key of each single migration. */
export const migrationsKey = ["migrations"] as const;

/** All that were started, the latest first. */
export const migrationsQuery = queryOptions({
  queryKey: [...migrationsKey, "list"],
  queryFn: async ({ signal }): Promise<Migration[]> =>
    (await unwrap(client.GET("/api/admin/migrations", { signal }))).items,
  refetchInterval: ({ state }) => (state.data?.some(isWorking) ? POLL_MS.working : POLL_MS.resting),
});
