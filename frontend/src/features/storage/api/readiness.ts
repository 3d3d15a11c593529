import { queryOptions } from "@tanstack/react-query";
import { client, problemFrom, unreachable } from "@/lib/http";

const POLL_MS = 10_000;

/** How the storage does, for everybody. `full`: a disk is. It is also how a page notices that nobody answers any more. */
export const readinessQuery = queryOptions({
  queryKey: ["readiness"],
  queryFn: async ({ signal }) => {
    // 503 is an answer here: it has the same body
    const { data, error, response } = await client.GET("/api/health/ready", { signal }).catch((failure: unknown) => {
      throw signal.aborted ? failure : unreachable();
    });
    const answer: unknown = data ?? error;
    if (typeof answer !== "object" || answer === null || !("status" in answer)) {
      throw problemFrom(response.status, answer);
    }
    return { status: answer.status, full: data?.disks.some((disk) => disk.state === "full") ?? false };
  },
  refetchInterval: POLL_MS,
});
