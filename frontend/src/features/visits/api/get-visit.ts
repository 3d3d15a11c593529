import type { ListedFile } from "@/components/listing/entries";
import type { Sort } from "@/components/listing/sort";
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

/** A file in the folder of a link, as lists show it. */
export type VisitedFile = ListedFile & components["schemas"]["VisitedFileJson"];

/** A visitor knows a file by its path, and another content by its time and size. */
function visitedFile(file: components["schemas"]["VisitedFileJson"]): VisitedFile {
  return { ...file, id: file.path, sha256: `${file.modified_at} ${file.size}`, thumbnail_problem: null };
}

const PAGE_SIZE = 200;

/** Pages of one folder of a shared folder. */
export function visitEntriesQuery(token: string, folder: string, sort: Sort) {
  return infiniteQueryOptions({
    queryKey: [...visitsKey, token, "entries", folder, sort] as const,
    queryFn: async ({ pageParam, signal }) => {
      const query = { folder, sort, limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) };
      const page = await unwrap(client.GET("/api/d/{token}/entries", { params: { path: { token }, query }, signal }));
      return { ...page, items: page.items.map(visitedFile) };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // sorted anew, the rows before stay until the others are there
    placeholderData: (before, query) => (query?.queryKey[3] === folder ? before : undefined),
  });
}

/** What the server reads in the file of a link: it shows content, but does not count as a download. */
export function visitPreviewQuery(token: string, page: number) {
  return queryOptions({
    queryKey: [...visitsKey, token, "preview", page] as const,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/d/{token}/preview", {
          params: { path: { token }, query: { page } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
