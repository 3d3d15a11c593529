import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { linksKey } from "./list-links";

/** Changes: every list of links. `onRevoked` learns how many there were to revoke. */
export function useRevokeLinks(onRevoked: (count: number) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (ids: readonly string[]) => unwrap(client.POST("/api/links/revoke", { body: { ids: [...ids] } })),
    onSuccess: async ({ revoked }) => {
      onRevoked(revoked);
      await queryClient.invalidateQueries({ queryKey: linksKey });
    },
  });
}
