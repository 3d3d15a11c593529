import { ApiError, isSessionEnd } from "@/lib/http";

export interface Failure<T> {
  item: T;
  error: ApiError;
}

export interface Outcome<T> {
  done: T[];
  failures: Failure<T>[];
}

/** Requests at a time: enough to be quick, few enough that the page stays usable. */
const PARALLEL = 4;

/** Runs the same action on many items. A failure does not stop the others; the end of the session does. */
export async function forEach<T>(
  items: readonly T[],
  run: (item: T) => Promise<unknown>,
  onProgress: (ended: number) => void = () => undefined,
): Promise<Outcome<T>> {
  const outcome: Outcome<T> = { done: [], failures: [] };
  const waiting = [...items];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await run(item);
        outcome.done.push(item);
      } catch (error) {
        if (!(error instanceof ApiError) || isSessionEnd(error)) throw error;
        outcome.failures.push({ item, error });
      }
      onProgress(outcome.done.length + outcome.failures.length);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return outcome;
}
