import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";

/** Keeps a change that waits to be confirmed, or takes it back. Changes: every page. */
export function useSettleChange() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, keep }: { id: string; keep: boolean }) => {
      const params = { path: { change_id: id } };
      return unwrap(
        keep
          ? client.POST("/api/environment-variables/changes/{change_id}/confirm", { params })
          : client.POST("/api/environment-variables/changes/{change_id}/revert", { params }),
      );
    },
    // also after a refusal: it may have ended by itself a moment ago
    onSettled: () => queryClient.invalidateQueries(),
  });
}
