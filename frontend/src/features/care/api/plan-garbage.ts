import { useMutation } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";

export type GarbagePlan = components["schemas"]["GarbagePlanJson"];

/** Searches all locations; deletes nothing. */
export function usePlanGarbage() {
  return useMutation({ mutationFn: () => unwrap(client.POST("/api/admin/garbage/plan")) });
}
