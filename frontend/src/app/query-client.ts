import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isSessionEnd } from "@/lib/http";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: { keepsSession?: boolean };
  }
}

/** `onSessionEnd` is called when any request was refused because nobody is signed in. */
export function createQueryClient(onSessionEnd: () => void): QueryClient {
  const notice = (error: unknown) => {
    if (isSessionEnd(error)) onSessionEnd();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.keepsSession) notice(error);
      },
    }),
    defaultOptions: { queries: { retry: worthAnotherTry, staleTime: 15_000 } },
  });
}

/** A refusal will be refused again; a server that is down or overloaded may come back. */
function worthAnotherTry(failures: number, error: unknown): boolean {
  const passing = error instanceof ApiError && (error.status === 0 || error.status === 503);
  return passing && failures < 2;
}
