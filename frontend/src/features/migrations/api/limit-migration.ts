import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { migrationQuery } from "./get-migration";

export interface Limits {
  concurrency: number;
  bytes_per_second: number | null;
}

/** Changes: the migration. */
export function useLimits(id: string, onChanged: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Limits) =>
      unwrap(client.PATCH("/api/admin/migrations/{migration_id}", { params: { path: { migration_id: id } }, body })),
    onSuccess: async (migration) => {
      await queryClient.cancelQueries({ queryKey: migrationQuery(id).queryKey });
      queryClient.setQueryData(migrationQuery(id).queryKey, migration);
      onChanged();
    },
  });
}
