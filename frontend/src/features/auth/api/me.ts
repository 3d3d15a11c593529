import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, isSessionEnd, unwrap } from "@/lib/http";

export type User = components["schemas"]["UserJson"];

/** The signed-in user, or null. Requested once: after that, any refused request shows that the session has ended. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      return await unwrap(client.GET("/api/auth/me", { signal }));
    } catch (error) {
      if (isSessionEnd(error)) return null;
      throw error;
    }
  },
  staleTime: "static",
});
