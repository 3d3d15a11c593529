import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Backup = components["schemas"]["BackupJson"];

/** The settings files as they were before each change. */
export const backupsQuery = queryOptions({
  queryKey: ["environment-backups"],
  queryFn: async ({ signal }): Promise<Backup[]> =>
    (await unwrap(client.GET("/api/environment-variables/backups", { signal }))).items,
});
