import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Session = components["schemas"]["SessionJson"];

export const sessionsKey = ["sessions"] as const;

export const sessionsQuery = queryOptions({
  queryKey: sessionsKey,
  queryFn: async ({ signal }): Promise<Session[]> => (await unwrap(client.GET("/api/auth/sessions", { signal }))).items,
});
