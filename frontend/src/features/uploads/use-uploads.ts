import { useSyncExternalStore } from "react";
import { type Upload, uploadQueue } from "./queue";

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(uploadQueue.subscribe, uploadQueue.snapshot);
}
