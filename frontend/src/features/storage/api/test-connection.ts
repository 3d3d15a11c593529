import { useEffect, useReducer, useRef } from "react";
import { ApiError, client, unreachable, unwrap } from "@/lib/http";
import { jsonLines } from "../ndjson";
import { idle, stepOrEnd, trialReducer } from "../trial";

/** Values by name of the variable; none of them means the running configuration. */
export type Candidate = Record<string, string>;

/** The connection test: its steps arrive one by one. Without a candidate it is the running configuration's. */
export function useConnectionTest() {
  const [trial, dispatch] = useReducer(trialReducer, idle);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (candidate: Candidate = {}) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    dispatch({ type: "start" });
    try {
      for await (const line of readSteps(candidate, controller.signal)) dispatch(stepOrEnd(line));
      dispatch({ type: "stream-end" });
    } catch (error) {
      if (!controller.signal.aborted) dispatch({ type: "fail", error: asProblem(error) });
    }
  };
  const reset = () => {
    running.current?.abort();
    dispatch({ type: "reset" });
  };
  return { trial, start: (candidate?: Candidate) => void start(candidate), reset };
}

async function* readSteps(candidate: Candidate, signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
  const call = client.POST("/api/admin/storage-service/test-connection", {
    body: candidate,
    headers: { accept: "application/x-ndjson" },
    parseAs: "stream",
    signal,
  });
  const stream = await unwrap(call);
  if (stream) yield* jsonLines(stream);
}

function asProblem(error: unknown): ApiError {
  return error instanceof ApiError ? error : unreachable();
}
