import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import type { Batch } from "../drafts";

export type Applied = components["schemas"]["ChangedJson"];

/** Changes: every page, for any setting may have changed. */
export function useApplyChanges(onApplied: (applied: Applied) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ file, version, changes, seconds }: Batch & { seconds: number }) =>
      unwrap(
        client.PATCH("/api/environment-variables", { body: { file, version, changes, confirm_seconds: seconds } }),
      ),
    onSuccess: async (applied) => {
      onApplied(applied);
      await queryClient.invalidateQueries();
    },
  });
}
