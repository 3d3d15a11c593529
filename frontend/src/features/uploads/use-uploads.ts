import { useSyncExternalStore } from "react";
import { type UploadQueue, uploadQueue } from "./queue";
import type { Upload } from "./upload";

export function useUploads(queue: UploadQueue = uploadQueue): readonly Upload[] {
  return useSyncExternalStore(queue.list.subscribe, queue.list.snapshot);
}
