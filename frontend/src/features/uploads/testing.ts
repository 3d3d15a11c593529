import { ApiError } from "@/lib/http";
import type { Occupied } from "./api/look-up";
import type { Collected } from "./collect";
import type { Destination } from "./destination";
import type { Send, Stored } from "./transport";

/** For the tests of the queue: a wire under their control, on which each transfer is answered by hand. */
export function wire() {
  const sent: {
    path: string;
    headers: Readonly<Record<string, string>>;
    progress: (bytes: number) => void;
    store: (stored?: Partial<Stored>) => void;
    refuse: (e: ApiError) => void;
  }[] = [];
  const aborted: string[] = [];
  const send: Send = ({ address, headers }, onSent) => {
    let refuse: (error: ApiError) => void = () => undefined;
    const done = new Promise<Stored>((resolve, reject) => {
      refuse = reject;
      const store = (stored: Partial<Stored> = {}) => resolve({ created: true, etag: null, ...stored });
      sent.push({ path: address, headers, progress: onSent, store, refuse: reject });
    });
    const abort = () => {
      aborted.push(address);
      refuse(problem(0));
    };
    return { done, abort };
  };
  return { send, sent, aborted };
}

export const problem = (status: number, code = "x", retryAfterSeconds?: number) =>
  new ApiError({ status, code, title: "x", retryAfterSeconds });

/** Zeros that are read at once: a real blob takes its time, which clocks under control do not know of. */
function zeros(count: number): Blob {
  const place = (at: number) => Math.min(at < 0 ? count + at : at, count);
  const slice = (from = 0, to = count) => ({
    arrayBuffer: () => Promise.resolve(new ArrayBuffer(place(to) - place(from))),
  });
  return Object.assign(new Blob([new Uint8Array(count)]), { slice });
}

export function files(paths: readonly string[], size = 10): Collected {
  return { files: paths.map((path) => ({ path, file: zeros(size) })), folders: [], unreadable: [] };
}

/** A server's folder: what is there can be changed by the test. */
export function place(there: Record<string, Partial<Occupied>> = {}, id = "own") {
  const asked: string[][] = [];
  const made: string[] = [];
  const destination: Destination = {
    id,
    address: (path) => path,
    lookUp: (paths) => {
      asked.push([...paths]);
      const found = paths.filter((path) => path in there).map((path) => [path, occupied(path, there[path])] as const);
      return Promise.resolve(new Map(found));
    },
    makeFolder: (path) => {
      made.push(path);
      return Promise.resolve();
    },
  };
  return { destination, there, asked, made };
}

/** Where names are not looked up. */
export const request: Destination = { id: "request", address: (path) => path, lookUp: null, makeFolder: null };

function occupied(path: string, given: Partial<Occupied> = {}): Occupied {
  return { path, kind: "file", size: 3, sha256: "aa", modified_at: "2026-01-01T00:00:00Z", ...given };
}

export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
