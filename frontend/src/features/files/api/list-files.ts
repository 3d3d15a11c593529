import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { filesKey } from "@/lib/files-key";
import { client, unwrap } from "@/lib/http";
import type { KindName } from "@/components/listing/kinds";
import type { Sort } from "@/components/listing/sort";

export type File = components["schemas"]["FileJson"];

export interface FileFilter {
  /** Searched in all folders. */
  q: string;
  kind: KindName | null;
  sort: Sort;
}

const PAGE_SIZE = 200;

export { filesKey };

/** Whether files of all folders are shown; a type alone is one of the folder's own files. */
export function isSearch({ q }: FileFilter): boolean {
  return q !== "";
}

export function isFiltered({ q, kind }: FileFilter): boolean {
  return q !== "" || kind !== null;
}

/** Pages of the user's files, in one folder or found by a search. A new filter cancels the previous request. */
export function filesQuery(folder: string, filter: FileFilter) {
  const { q, kind, sort } = filter;
  const place = isSearch(filter) ? null : folder;
  return infiniteQueryOptions({
    queryKey: [...filesKey, "list", place, { q, kind, sort }] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/files", {
          params: {
            query: {
              sort,
              limit: PAGE_SIZE,
              ...(place !== null && { folder: place }),
              ...(q && { q }),
              ...(kind && { kind }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // the old rows stay while sorting or searching; rows of another folder would be wrong
    placeholderData: (before, query) => (query?.queryKey[2] === place ? before : undefined),
  });
}
