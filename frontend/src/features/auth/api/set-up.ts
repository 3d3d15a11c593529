import { queryOptions, useMutation } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import type { User } from "./me";

export type FirstUser = components["schemas"]["SetupBody"];

/** Whether there are no users yet, and the first has to be created. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async ({ signal }): Promise<boolean> => (await unwrap(client.GET("/api/auth/setup", { signal }))).needed,
  staleTime: 0,
});

/** The answer signs the new administrator in. */
export function useSetUp(onDone: (user: User) => void) {
  return useMutation({
    mutationFn: (body: FirstUser) => unwrap(client.POST("/api/auth/setup", { body })),
    onSuccess: onDone,
  });
}
