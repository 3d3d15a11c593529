import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import type { LinkTarget } from "../target";

export type Link = components["schemas"]["LinkJson"];
export type LinkState = Link["state"];

const PAGE_SIZE = 100;

/** Begins the key of everything that is known about the caller's links. */
export const linksKey = ["links"] as const;

/** Pages of the caller's links, newest first; of one state, or all. */
export function linksQuery(state: LinkState | null) {
  return infiniteQueryOptions({
    queryKey: [...linksKey, "list", state] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/links", {
          params: { query: { limit: PAGE_SIZE, ...(state && { state }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The links of one file or folder that still work. */
export function liveLinksQuery(target: LinkTarget) {
  const place = target.type === "file" ? { file_id: target.id } : { folder: target.path };
  return queryOptions({
    queryKey: [...linksKey, "of", place] as const,
    queryFn: async ({ signal }): Promise<Link[]> =>
      (await unwrap(client.GET("/api/links", { params: { query: { ...place, state: "live" } }, signal }))).items,
  });
}
