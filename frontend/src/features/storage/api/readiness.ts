import { queryOptions } from "@tanstack/react-query";
import { client } from "@/lib/http";

const POLL_MS = 30_000;

/** How the storage does, for everybody; null where something between us and the service answered. `full`: a disk is. */
export const readinessQuery = queryOptions({
  queryKey: ["readiness"],
  queryFn: async ({ signal }) => {
    // 503 is an answer here: it has the same body
    const { data, error } = await client.GET("/api/health/ready", { signal });
    const answer: unknown = data ?? error;
    if (typeof answer !== "object" || answer === null || !("status" in answer)) return null;
    return { status: answer.status, full: data?.disks.some((disk) => disk.state === "full") ?? false };
  },
  retry: false,
  refetchInterval: POLL_MS,
});
