import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { sessionsKey } from "./list-sessions";

export interface PasswordChange {
  current: string;
  wanted: string;
}

/** Changes: the list of sessions, for all others end. */
export function useChangePassword(onChanged: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ current, wanted }: PasswordChange) =>
      unwrap(client.POST("/api/auth/password", { body: { current_password: current, new_password: wanted } })),
    onSuccess: async () => {
      onChanged();
      await queryClient.invalidateQueries({ queryKey: sessionsKey });
    },
  });
}
