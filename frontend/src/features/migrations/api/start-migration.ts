import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { type Migration, migrationsKey } from "./list-migrations";

export type NewMigration = components["schemas"]["NewMigrationBody"];

/** Changes: the list of migrations. */
export function useStartMigration(onStarted: (migration: Migration) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewMigration) => unwrap(client.POST("/api/admin/migrations", { body })),
    onSuccess: (migration) => {
      onStarted(migration);
      void queryClient.invalidateQueries({ queryKey: [...migrationsKey, "list"] });
    },
  });
}
