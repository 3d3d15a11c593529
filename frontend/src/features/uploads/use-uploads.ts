import { useSyncExternalStore } from "react";
import { type Upload, type UploadQueue, uploadQueue } from "./queue";

export function useUploads(queue: UploadQueue = uploadQueue): readonly Upload[] {
  return useSyncExternalStore(queue.subscribe, queue.snapshot);
}
