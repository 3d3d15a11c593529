import { notifyManager, type QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { isPassing } from "@/lib/http";

type Listener = () => void;

/** A request that failed once may have met a hiccup; the second says that somebody is away. */
const TOLD_FROM = 2;

/** Whether questions wait for a server that is away, and what it is. */
export class Outage {
  private reason: string | null = null;
  private readonly listeners = new Set<Listener>();
  private readonly queryClient: QueryClient;

  constructor(queryClient: QueryClient) {
    this.queryClient = queryClient;
    queryClient.getQueryCache().subscribe((event) => {
      if (event.type === "updated" || event.type === "removed" || event.type === "observerRemoved") this.look();
    });
  }

  readonly snapshot = (): string | null => this.reason;

  readonly subscribe = (listener: Listener): Listener => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private look(): void {
    const waiting = this.queryClient
      .getQueryCache()
      .getAll()
      .find(({ state }) => isWaiting(state));
    const error = waiting?.state.fetchFailureReason;
    const reason = isPassing(error) ? error.message : null;
    if (reason === this.reason) return;
    const isOver = reason === null;
    this.reason = reason;
    for (const listener of this.listeners) notifyManager.schedule(listener);
    // what did not have to wait is from before
    if (isOver) void this.queryClient.invalidateQueries();
  }
}

interface Waiting {
  fetchStatus: string;
  fetchFailureCount: number;
  fetchFailureReason: unknown;
}

function isWaiting({ fetchStatus, fetchFailureCount, fetchFailureReason }: Waiting): boolean {
  return fetchStatus !== "idle" && fetchFailureCount >= TOLD_FROM && isPassing(fetchFailureReason);
}

export function useOutage(outage: Outage): string | null {
  return useSyncExternalStore(outage.subscribe, outage.snapshot);
}
