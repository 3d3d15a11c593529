import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";

export function useSignOut(onSignedOut: () => void) {
  return useMutation({ mutationFn: () => unwrap(client.POST("/api/auth/logout")), onSuccess: onSignedOut });
}
