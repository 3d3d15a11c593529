import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type BackupDiff = components["schemas"]["BackupDiffJson"];

/** From the file of now to the backup; always fresh, for the file may be edited by hand. */
export const backupDiffQuery = (id: string) =>
  queryOptions({
    queryKey: ["environment-backup-diff", id],
    staleTime: 0,
    queryFn: ({ signal }): Promise<BackupDiff> =>
      unwrap(
        client.GET("/api/environment-variables/backups/{backup_id}/diff", {
          params: { path: { backup_id: id } },
          signal,
        }),
      ),
  });
