import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import type { Sort } from "@/components/listing/sort";
import { client, unwrap } from "@/lib/http";
import { sharesKey } from "./list-shares";

export type SharedFile = components["schemas"]["FileJson"];

export const entriesKey = [...sharesKey, "entries"] as const;

const PAGE_SIZE = 200;

/** Pages of one folder in a folder that was shared: the folders first, then the files. */
export function entriesQuery(shareId: string, folder: string, sort: Sort) {
  return infiniteQueryOptions({
    queryKey: [...entriesKey, shareId, folder, sort] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/shares/{share_id}/entries", {
          params: {
            path: { share_id: shareId },
            query: { folder, sort, limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // sorted anew, the rows before stay until the others are there
    placeholderData: (before, query) => (query?.queryKey[3] === folder ? before : undefined),
  });
}
