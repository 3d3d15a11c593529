import { focusManager, MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isPassing, isSessionEnd } from "@/lib/http";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: { keepsSession?: boolean };
  }
}

interface Hooks {
  /** A request was refused because nobody is signed in. */
  onSessionEnd: () => void;
  /** Something was changed, or may have been: a request that broke off could have been carried out. */
  onChange: () => void;
}

/** Between two attempts: soon enough that a page fills in seconds after the server is back, seldom enough to be no load. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 4000;

/**
 * All questions to the server wait for it while it is away, and only while the tab is looked at: what was shown stays,
 * what was not there yet keeps its placeholder, and the note of `outage` says why.
 */
export function createQueryClient({ onSessionEnd, onChange }: Hooks): QueryClient {
  const notice = (error: unknown) => {
    if (isSessionEnd(error)) onSessionEnd();
    if (isGone(error)) refreshShown(queryClient);
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.keepsSession) notice(error);
      },
      onSettled: onChange,
    }),
    defaultOptions: {
      queries: {
        retry: (_failures, error) => isPassing(error),
        retryDelay: (failures) => Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS),
        staleTime: 15_000,
        // a server of the same machine or house answers without the internet too
        networkMode: "always",
        refetchOnReconnect: true,
      },
      mutations: { networkMode: "always" },
    },
  });
  return queryClient;
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 410);
}

/** What led to something that is gone is out of date. What failed is not asked again, so that this comes to an end. */
function refreshShown(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ predicate: ({ state }) => state.status === "success" });
}

/** Others may have changed anything while one looked elsewhere; `visibilitychange` alone misses a second window. */
export function followFocus(queryClient: QueryClient): void {
  focusManager.setEventListener((onFocus) => {
    const listener = () => {
      // lists that are not shown as well: they are asked for when they come up
      if (focusManager.isFocused()) void queryClient.invalidateQueries({ refetchType: "none" });
      onFocus();
    };
    window.addEventListener("visibilitychange", listener);
    window.addEventListener("focus", listener);
    return () => {
      window.removeEventListener("visibilitychange", listener);
      window.removeEventListener("focus", listener);
    };
  });
}
