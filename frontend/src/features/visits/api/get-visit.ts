import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { ApiError, client, unwrap } from "@/lib/http";

export type Visit = components["schemas"]["VisitJson"];

/** What a link shows to who has it; or why it shows nothing. */
export type Outcome = { open: true; visit: Visit } | { open: false; refusal: ApiError };

export const visitsKey = ["visits"] as const;

/** A link that is dead or for somebody else is no failure of the page: it is what the page has to say. */
const REFUSALS = new Set([401, 403, 404, 410]);

export function visitQuery(token: string) {
  return queryOptions({
    queryKey: [...visitsKey, token] as const,
    queryFn: async ({ signal }): Promise<Outcome> => {
      try {
        const visit = await unwrap(client.GET("/api/d/{token}", { params: { path: { token } }, signal }));
        return { open: true, visit };
      } catch (error) {
        if (error instanceof ApiError && REFUSALS.has(error.status)) return { open: false, refusal: error };
        throw error;
      }
    },
  });
}

/** Pages of what lies in one folder of a shared folder. */
export function visitEntriesQuery(token: string, folder: string) {
  return infiniteQueryOptions({
    queryKey: [...visitsKey, token, "entries", folder] as const,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/d/{token}/entries", {
          params: { path: { token }, query: { folder, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** What the service reads in the file of a link, or in the one at `path` in its folder: it shows content, but does not count as a download. */
export function visitPreviewQuery(token: string, page: number, path?: string) {
  return queryOptions({
    queryKey: [...visitsKey, token, "preview", path ?? "", page] as const,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/d/{token}/preview", {
          params: { path: { token }, query: { page, ...(path !== undefined && { path }) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
