import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { linksKey } from "./list-links";

export type LinkUse = components["schemas"]["LinkUseJson"];

/** Every download or upload through one link, newest first. */
export function usesQuery(linkId: string) {
  return queryOptions({
    queryKey: [...linksKey, "uses", linkId] as const,
    queryFn: async ({ signal }): Promise<LinkUse[]> =>
      (await unwrap(client.GET("/api/links/{link_id}/uses", { params: { path: { link_id: linkId } }, signal }))).items,
  });
}
