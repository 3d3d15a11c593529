import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Damage = components["schemas"]["DamageJson"];

/** What is known to be damaged. Each finding of a check makes it a new question. */
export function damagesQuery(findings: string) {
  return queryOptions({
    queryKey: ["damages", findings],
    queryFn: ({ signal }) => unwrap(client.GET("/api/admin/damages", { signal })),
    placeholderData: keepPreviousData,
  });
}
