import type { Source } from "./collect";
import type { Destination } from "./destination";

/** What the server must find at the path for an upload to be stored; `after`: what that upload of the same batch leaves. */
export type Expected = { nothing: true } | { sha256: string } | { after: number } | { anything: true };

/** What the queue knows of an upload beside what is shown. */
export interface Order {
  readonly destination: Destination;
  /** Of a folder there is none, nor of a file that is stored: its bytes are not needed any more. */
  source: Source | null;
  expected: Expected;
  /** Somebody wants both files, so the next free name will do. */
  keepBoth: boolean;
  /** The name it was chosen under, which numbers are put behind. */
  readonly chosenPath: string;
  /** All of it was sent once and no answer came: it may be stored. */
  mayBeStored: boolean;
  /** Times in a row that the connection broke although the server answers. */
  breaks: number;
  /** Times that another file was in the way at the last moment. */
  surprises: number;
  /** SHA-256 of what was stored. */
  stored?: string;
  /** Somebody has answered a question about it, and what was in the way then is not what is now. */
  answered: boolean;
}

export function newOrder(destination: Destination, source: Source | null, path: string): Order {
  return {
    destination,
    source,
    expected: expectedAtFirst(destination),
    keepBoth: false,
    chosenPath: path,
    mayBeStored: false,
    breaks: 0,
    surprises: 0,
    answered: false,
  };
}

export function expectedAtFirst({ lookUp, replaces }: Destination): Expected {
  if (replaces !== undefined) return { sha256: replaces };
  return lookUp ? { nothing: true } : { anything: true };
}

/** The same place on the server. */
export function placeOf(order: Order, path: string): string {
  return `${order.destination.id}\n${path}`;
}

export function conditionsOf(expected: Expected): Record<string, string> {
  if ("nothing" in expected) return { "If-None-Match": "*" };
  if ("sha256" in expected) return { "If-Match": `"${expected.sha256}"` };
  return {};
}
