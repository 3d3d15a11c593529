import { useMutation, useQueryClient } from "@tanstack/react-query";
import { filesKey } from "@/lib/files-key";
import { client, unwrap } from "@/lib/http";
import { linksKey } from "./list-links";

/** Changes: every list of links, and the marks on rows. `onRevoked` learns how many there were to revoke. */
export function useRevokeLinks(onRevoked: (count: number) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (ids: readonly string[]) => unwrap(client.POST("/api/links/revoke", { body: { ids: [...ids] } })),
    onSuccess: async ({ revoked }) => {
      onRevoked(revoked);
      void queryClient.invalidateQueries({ queryKey: filesKey });
      await queryClient.invalidateQueries({ queryKey: linksKey });
    },
  });
}
