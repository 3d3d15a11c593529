import { queryOptions } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Environment = components["schemas"]["EnvironmentJson"];
export type Category = components["schemas"]["CategoryJson"];
export type Variable = components["schemas"]["VariableJson"];

export const environmentKey = ["environment"] as const;

/** All variables with masked values, and where each comes from. */
export const environmentQuery = queryOptions({
  queryKey: environmentKey,
  queryFn: ({ signal }): Promise<Environment> => unwrap(client.GET("/api/environment-variables", { signal })),
});
