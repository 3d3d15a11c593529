import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Damage = components["schemas"]["DamageJson"];

/** All known damage. Reloaded whenever a check finds something new. */
export function damagesQuery(findings: string) {
  return queryOptions({
    queryKey: ["damages", findings],
    queryFn: ({ signal }) => unwrap(client.GET("/api/admin/damages", { signal })),
    placeholderData: keepPreviousData,
  });
}
