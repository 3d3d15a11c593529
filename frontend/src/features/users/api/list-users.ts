import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Person = components["schemas"]["UserAdminJson"];

export const usersKey = ["users"] as const;

/** All users, including disabled ones. */
export const usersQuery = queryOptions({
  queryKey: usersKey,
  queryFn: async ({ signal }): Promise<Person[]> => (await unwrap(client.GET("/api/admin/users", { signal }))).items,
});
