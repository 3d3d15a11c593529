import { client } from "@/lib/http";

/** Whether the server answers. */
export async function isReachable(): Promise<boolean> {
  try {
    const { response } = await client.GET("/api/health/live", {
      cache: "no-store",
      signal: AbortSignal.timeout(10_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
