import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Change, newestChangeQuery } from "./api/list-changes";

/** The newest change, and whether it ended before the eyes of this page. Whenever it turns, everything is asked anew. */
export function useNewestChange(): { change: Change | null; seen: string | null } {
  const queryClient = useQueryClient();
  const { data: change } = useQuery(newestChangeQuery);
  const [seen, setSeen] = useState<string | null>(null);
  const before = useRef<string | undefined>(undefined);
  const turn = change === undefined ? undefined : change === null ? "" : `${change.id} ${change.state}`;
  const waiting = change?.state === "waiting" ? change.id : null;
  if (waiting !== null && waiting !== seen) setSeen(waiting);
  useEffect(() => {
    if (turn === undefined) return;
    if (before.current !== undefined && before.current !== turn) {
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => !isNewest(queryKey) });
    }
    before.current = turn;
  }, [turn, queryClient]);
  return { change: change ?? null, seen };
}

function isNewest(key: readonly unknown[]): boolean {
  return newestChangeQuery.queryKey.every((part, index) => part === key[index]);
}
