import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { visitsKey } from "./get-visit";

/** Changes: what the link shows. A wrong password is an answer to the form, not the end of a session. */
export function useUnlock(token: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (password: string) =>
      unwrap(client.POST("/d/{token}/unlock", { params: { path: { token } }, body: { password } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...visitsKey, token] }),
    meta: { keepsSession: true },
  });
}
