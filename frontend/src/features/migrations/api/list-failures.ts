import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { migrationsKey } from "./list-migrations";

export type Failure = components["schemas"]["MigrationFailureJson"];

/** What could not be moved, by pages. A number of failures that is new is a list of its own. */
export function failuresQuery(id: string, count: number) {
  return infiniteQueryOptions({
    queryKey: [...migrationsKey, "failures", id, count],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/admin/migrations/{migration_id}/failures", {
          params: { path: { migration_id: id }, query: { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }): Failure[] => pages.flatMap(({ items }) => items),
  });
}
