import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import type { AuditQuery } from "../filter";

export type AuditRow = components["schemas"]["AuditRowJson"];

const PAGE = 50;

/** Newest first, in pages. After a change of the filter, the old rows stay until the new ones arrive. */
export function auditPagesQuery(query: AuditQuery) {
  return infiniteQueryOptions({
    queryKey: ["audit", query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/admin/audit", {
          params: { query: { ...query, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }): AuditRow[] => pages.flatMap(({ items }) => items),
    placeholderData: keepPreviousData,
  });
}
