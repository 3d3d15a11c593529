import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Share = components["schemas"]["ShareJson"];
export type Right = Share["right"];
export type Person = components["schemas"]["PersonJson"];

/** What is shared: a file or a folder of the caller's. */
export type ShareTarget = { file_id: string } | { folder: string };

/** Begins the key of everything that is known about shares. */
export const sharesKey = ["shares"] as const;

/** With whom a file or folder is shared. */
export function sharesQuery(target: ShareTarget) {
  return queryOptions({
    queryKey: [...sharesKey, "of", target] as const,
    queryFn: async ({ signal }): Promise<Share[]> =>
      (await unwrap(client.GET("/api/shares", { params: { query: target }, signal }))).items,
  });
}

export const withMeKey = [...sharesKey, "with-me"] as const;

/** What others share with the caller. */
export const withMeQuery = queryOptions({
  queryKey: withMeKey,
  queryFn: async ({ signal }): Promise<Share[]> => (await unwrap(client.GET("/api/shares/with-me", { signal }))).items,
});
