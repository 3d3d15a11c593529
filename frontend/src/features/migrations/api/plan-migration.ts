import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { migrationsKey } from "./list-migrations";

export type Plan = components["schemas"]["MigrationPlanJson"];

/** What a move would mean: counted and measured. Made once for the page, and not again by itself: it takes seconds. */
export function planQuery(source: string, target: string) {
  return queryOptions({
    queryKey: [...migrationsKey, "plan", source, target],
    queryFn: ({ signal }): Promise<Plan> =>
      unwrap(client.POST("/api/admin/migrations/plan", { body: { source, target }, signal })),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
