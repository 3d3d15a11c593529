import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import type { Person } from "./list-shares";

/** At most ten people whose names begin like this; nobody for nothing typed. */
export function searchUsersQuery(q: string) {
  return queryOptions({
    queryKey: ["people", q] as const,
    queryFn: async ({ signal }): Promise<Person[]> =>
      (await unwrap(client.GET("/api/users/search", { params: { query: { q } }, signal }))).items,
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
}
