import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Token = components["schemas"]["TokenJson"];

export const tokensKey = ["tokens"] as const;

export const tokensQuery = queryOptions({
  queryKey: tokensKey,
  queryFn: async ({ signal }): Promise<Token[]> => (await unwrap(client.GET("/api/tokens", { signal }))).items,
});
