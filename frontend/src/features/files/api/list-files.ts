import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import type { components, paths } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type File = components["schemas"]["FileJson"];
export type Sort = NonNullable<NonNullable<paths["/api/files"]["get"]["parameters"]["query"]>["sort"]>;

export interface FileFilter {
  q: string;
  sort: Sort;
}

const PAGE_SIZE = 100;

export const filesKey = ["files"] as const;

/** Pages of the caller's files. A changed filter cancels the request of the one before. */
export function filesQuery({ q, sort }: FileFilter) {
  return infiniteQueryOptions({
    queryKey: [...filesKey, { q, sort }],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/files", {
          params: { query: { sort, limit: PAGE_SIZE, ...(q && { q }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

const SORTS: readonly Sort[] = ["path", "-path", "name", "-name", "size", "-size", "modified_at", "-modified_at"];

export const DEFAULT_SORT: Sort = "-modified_at";

export function isSort(value: unknown): value is Sort {
  return SORTS.some((sort) => sort === value);
}
