import { useMutation } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type Profile = components["schemas"]["UserJson"];

export function useUpdateProfile(onUpdated: (profile: Profile) => void) {
  return useMutation({
    mutationFn: (displayName: string) => unwrap(client.PATCH("/api/auth/me", { body: { display_name: displayName } })),
    onSuccess: onUpdated,
  });
}
