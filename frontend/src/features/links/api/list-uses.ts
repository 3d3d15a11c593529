import { infiniteQueryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { linksKey } from "./list-links";

export type LinkUse = components["schemas"]["LinkUseJson"];

/** Pages of the downloads or uploads through one link, newest first. */
export function usesQuery(linkId: string) {
  return infiniteQueryOptions({
    queryKey: [...linksKey, "uses", linkId] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/links/{link_id}/uses", {
          params: { path: { link_id: linkId }, query: { ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
