import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { filesKey } from "./list-files";

export type Folder = components["schemas"]["FolderJson"];

const PAGE_SIZE = 200;

/** Pages of the folders directly below one, or with a search of those that it finds at any depth. */
export function foldersQuery(parent: string, q = "") {
  return infiniteQueryOptions({
    queryKey: [...filesKey, "folders", parent, q] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/folders", {
          params: { query: { parent, limit: PAGE_SIZE, ...(q && { q }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // while one types a search, what was found before stays, as in the list of files
    placeholderData: (before, query) => (q && query?.queryKey[3] ? before : undefined),
  });
}
