import { queryOptions } from "@tanstack/react-query";
import { client } from "@/lib/http";

const POLL_MS = 30_000;

/** How the storage does, for everybody; null where something between us and the service answered. */
export const readinessQuery = queryOptions({
  queryKey: ["readiness"],
  queryFn: async ({ signal }) => {
    // 503 is an answer here: it has the same body
    const { data, error } = await client.GET("/api/health/ready", { signal });
    const answer: unknown = data ?? error;
    return typeof answer === "object" && answer !== null && "status" in answer ? answer.status : null;
  },
  retry: false,
  refetchInterval: POLL_MS,
});
