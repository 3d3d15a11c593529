import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { sessionsKey } from "./list-sessions";

/** Changes: the list of sessions. */
export function useEndSession(onEnded: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.DELETE("/api/auth/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSuccess: async () => {
      onEnded();
      await queryClient.invalidateQueries({ queryKey: sessionsKey });
    },
  });
}
