import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { type Scrub, scrubsKey } from "./list-scrubs";

export type NewScrub = components["schemas"]["NewScrubBody"];

/** Changes: the list of checks, which shows the new one immediately. */
export function useStartScrub() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewScrub) => unwrap(client.POST("/api/admin/scrubs", { body })),
    onSuccess: async (started) => {
      await queryClient.cancelQueries({ queryKey: scrubsKey });
      queryClient.setQueryData<Scrub[]>(scrubsKey, (known = []) => [started, ...known]);
    },
  });
}
