type Wait = () => Promise<unknown>;

let untilBack: Wait = () => Promise.resolve();

/** How to wait for a server that is away: told once, by the application. */
export function waitBy(wait: Wait): void {
  untilBack = wait;
}

/** Loads a part of the application when it is first needed; while the server is away it waits, and loads it then. */
export function patiently<T>(load: () => Promise<T>): () => Promise<T> {
  return () => load().catch(() => untilBack().then(load));
}
