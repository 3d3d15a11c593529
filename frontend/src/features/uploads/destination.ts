import { lookUp, type Occupied } from "./api/look-up";
import { makeFolder } from "./api/make-folder";
import { uploadUrl } from "./transport";

/** Where uploads go. */
export interface Destination {
  /** Two uploads meet if this and their paths are the same. */
  readonly id: string;
  readonly address: (path: string) => string;
  /** Null where nobody may know what is there, and nothing is replaced. */
  readonly lookUp: ((paths: readonly string[]) => Promise<ReadonlyMap<string, Occupied>>) | null;
  /** Null where folders are not kept. */
  readonly makeFolder: ((path: string) => Promise<void>) | null;
  /** The version that is to be replaced, and no other. */
  readonly replaces?: string;
}

/** The files of whoever is signed in. */
export const ownFiles: Destination = {
  id: "own",
  address: uploadUrl,
  lookUp: (paths) => lookUp(paths, null),
  makeFolder: (path) => makeFolder(path, null),
};

/** A folder that somebody shares; paths begin below it. */
export function sharedFolder(shareId: string, address: (path: string) => string): Destination {
  return {
    id: `share ${shareId}`,
    address,
    lookUp: (paths) => lookUp(paths, shareId),
    makeFolder: (path) => makeFolder(path, shareId),
  };
}

/** One file, which gets other content; `sha256` is what it has. */
export function contentOf(sha256: string, address: string): Destination {
  return { id: `content ${address}`, address: () => address, lookUp: null, makeFolder: null, replaces: sha256 };
}

/** A request link: the server finds a free name for each file by itself. */
export function requestLink(token: string, address: (path: string) => string): Destination {
  return { id: `request ${token}`, address, lookUp: null, makeFolder: null };
}
