import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { tokensKey } from "./list-tokens";

/** Changes: the list of tokens. */
export function useRevokeToken(onRevoked: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE("/api/tokens/{token_id}", { params: { path: { token_id: id } } })),
    onSuccess: async () => {
      onRevoked();
      await queryClient.invalidateQueries({ queryKey: tokensKey });
    },
  });
}
