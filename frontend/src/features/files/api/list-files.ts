import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components, paths } from "@/client/schema";
import { filesKey } from "@/lib/files-key";
import { client, unwrap } from "@/lib/http";
import type { KindName } from "../kinds";

export type File = components["schemas"]["FileJson"];
export type Sort = NonNullable<NonNullable<paths["/api/files"]["get"]["parameters"]["query"]>["sort"]>;

export interface FileFilter {
  /** Searched in all folders. */
  q: string;
  kind: KindName | null;
  sort: Sort;
}

const PAGE_SIZE = 200;

export { filesKey };

export function isFiltered({ q, kind }: FileFilter): boolean {
  return q !== "" || kind !== null;
}

/** Pages of the user's files, in one folder or found by a search. A new filter cancels the previous request. */
export function filesQuery(folder: string, filter: FileFilter) {
  const { q, kind, sort } = filter;
  const place = isFiltered(filter) ? null : folder;
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

const SORTS: readonly Sort[] = ["path", "-path", "name", "-name", "size", "-size", "modified_at", "-modified_at"];

export const DEFAULT_SORT: Sort = "-modified_at";

export function isSort(value: unknown): value is Sort {
  return SORTS.some((sort) => sort === value);
}
