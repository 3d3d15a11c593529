import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import type { Act } from "../acts";
import { migrationQuery } from "./get-migration";
import { migrationsKey } from "./list-migrations";

/** Changes: the migration, and the list of them. */
export function useAct(id: string, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) =>
      unwrap(
        client.POST("/api/admin/migrations/{migration_id}/{act}", { params: { path: { migration_id: id, act } } }),
      ),
    onSuccess: async (migration) => {
      // an answer that was under way would bring the old state back for a second
      await queryClient.cancelQueries({ queryKey: migrationQuery(id).queryKey });
      queryClient.setQueryData(migrationQuery(id).queryKey, migration);
      onDone();
      void queryClient.invalidateQueries({ queryKey: migrationsKey });
    },
  });
}
