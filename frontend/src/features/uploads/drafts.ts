import type { Collected } from "./collect";
import type { Destination } from "./destination";
import { newOrder, type Order } from "./order";
import { unreadable as unreadableProblem } from "./problems";
import { FRESH, type Upload } from "./upload";

/** An upload before it has its place in the list; without an order where there is nothing to be done. */
export interface Draft {
  upload: Omit<Upload, "id" | "batch">;
  order?: Order;
}

/** Of all that was chosen: what cannot be read or has no place at the destination is shown too. */
export function draftsOf({ files, folders, unreadable }: Collected, destination: Destination): Draft[] {
  const state = destination.lookUp ? "checking" : "waiting";
  return [
    ...unreadable.map(({ path, kind, reason }): Draft => {
      const error = unreadableProblem(reason);
      return { upload: { ...FRESH, kind, path, size: 0, state: "failed", error, canRetry: false } };
    }),
    ...files.map((source): Draft => {
      const path = source.path.normalize("NFC"); // as the server stores it
      const upload: Draft["upload"] = { ...FRESH, kind: "file", path, size: source.file.size, state };
      return { upload, order: newOrder(destination, source, path) };
    }),
    ...folders.map((folder): Draft => {
      const path = folder.normalize("NFC");
      const upload: Draft["upload"] = { ...FRESH, kind: "folder", path, size: 0, state };
      if (destination.makeFolder) return { upload, order: newOrder(destination, null, path) };
      return { upload: { ...upload, state: "skipped", canRetry: false } };
    }),
  ];
}
