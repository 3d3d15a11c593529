import { useMutation } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import type { GarbagePlan } from "./plan-garbage";

export type Collected = components["schemas"]["CollectedJson"];

/** Deletes what the search found. */
export function useCollectGarbage(onCollected: () => void) {
  return useMutation({
    mutationFn: (plan: GarbagePlan) => unwrap(client.POST("/api/admin/garbage", { body: { plan_id: plan.id } })),
    onSuccess: onCollected,
  });
}
