import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import type { Applied } from "./apply-changes";

interface Restore {
  id: string;
  version: string;
  seconds: number;
}

/** Changes: every page, for any setting may have changed. */
export function useRestoreBackup(onRestored: (applied: Applied) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, seconds }: Restore) =>
      unwrap(
        client.POST("/api/environment-variables/backups/{backup_id}/restore", {
          params: { path: { backup_id: id } },
          body: { version, confirm_seconds: seconds },
        }),
      ),
    onSuccess: async (applied) => {
      onRestored(applied);
      await queryClient.invalidateQueries();
    },
  });
}
