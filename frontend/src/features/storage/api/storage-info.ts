import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type StorageInfo = components["schemas"]["StorageInfoJson"];

const POLL_MS = 15_000;

/** State, figures and configuration of the storage; asked again and again while the page is looked at. */
export const storageInfoQuery = queryOptions({
  queryKey: ["storage-info"],
  queryFn: ({ signal }): Promise<StorageInfo> => unwrap(client.GET("/api/admin/storage-service/info", { signal })),
  refetchInterval: POLL_MS,
});
