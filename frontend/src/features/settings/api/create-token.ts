import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { tokensKey } from "./list-tokens";

export type NewToken = components["schemas"]["NewTokenJson"];
export type TokenWish = components["schemas"]["NewTokenBody"];

/** Changes: the list of tokens. */
export function useCreateToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wish: TokenWish) => unwrap(client.POST("/api/tokens", { body: wish })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensKey }),
  });
}
