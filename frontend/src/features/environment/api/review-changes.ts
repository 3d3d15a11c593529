import { useMutation } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import type { Batch } from "../drafts";

export type Reviewed = components["schemas"]["CheckedJson"];

/** What a change would do; nothing is written. */
export function useReviewChanges(onReviewed: (reviewed: Reviewed) => void) {
  return useMutation({
    mutationFn: ({ file, version, changes }: Batch) =>
      unwrap(
        client.POST("/api/environment-variables/validate", { body: { file, version, changes, confirm_seconds: 0 } }),
      ),
    onSuccess: onReviewed,
  });
}
