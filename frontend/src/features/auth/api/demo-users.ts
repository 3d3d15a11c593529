import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { ApiError, client, unwrap } from "@/lib/http";

export type DemoUser = components["schemas"]["DemoUserJson"];

/** The demo users, reloaded on each visit; null outside demo mode. */
export const demoUsersQuery = queryOptions({
  queryKey: ["demo-users"],
  queryFn: async ({ signal }): Promise<DemoUser[] | null> => {
    try {
      return await unwrap(client.GET("/api/auth/demo-users", { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  },
  staleTime: 0,
});
