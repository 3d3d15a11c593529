import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type ReloadResult = components["schemas"]["ReloadJson"];

/** Changes: every page, for any setting may have changed; who is signed in stays. */
export function useReload() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST("/api/environment-variables/reload")),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}
