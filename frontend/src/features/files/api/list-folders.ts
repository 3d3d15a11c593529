import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { filesKey } from "./list-files";

export type Folder = components["schemas"]["FolderJson"];

const PAGE_SIZE = 200;

/** Pages of the folders directly below one. */
export function foldersQuery(parent: string) {
  return infiniteQueryOptions({
    queryKey: [...filesKey, "folders", parent] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/folders", {
          params: { query: { parent, limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
