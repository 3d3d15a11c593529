import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { scrubsKey } from "./list-scrubs";

/** Changes: the list of checks. */
export function useCancelScrub() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST("/api/admin/scrubs/{scrub_id}/cancel", { params: { path: { scrub_id: id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: scrubsKey }),
  });
}
