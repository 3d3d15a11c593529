import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { sharesKey } from "./list-shares";

export type SharedFile = components["schemas"]["FileJson"];

export const entriesKey = [...sharesKey, "entries"] as const;

/** Pages of one folder in a folder that was shared: the folders first, then the files. */
export function entriesQuery(shareId: string, folder: string) {
  return infiniteQueryOptions({
    queryKey: [...entriesKey, shareId, folder] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/shares/{share_id}/entries", {
          params: { path: { share_id: shareId }, query: { folder, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
