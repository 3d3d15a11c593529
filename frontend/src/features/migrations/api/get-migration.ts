import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { isWorking, POLL_MS } from "../state";
import { type Migration, migrationsKey } from "./list-migrations";

/** One migration, asked each second while it works. */
export function migrationQuery(id: string) {
  return queryOptions({
    queryKey: [...migrationsKey, "one", id],
    queryFn: ({ signal }): Promise<Migration> =>
      unwrap(client.GET("/api/admin/migrations/{migration_id}", { params: { path: { migration_id: id } }, signal })),
    refetchInterval: ({ state }) => (state.data && !isWorking(state.data) ? POLL_MS.resting : POLL_MS.working),
  });
}
