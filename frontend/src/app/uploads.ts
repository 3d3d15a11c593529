import { filesKey } from "@/features/files/api/list-files";
import { entriesKey } from "@/features/sharing/api/list-entries";
import { uploadQueue } from "@/features/uploads/queue";
import { isActive } from "@/features/uploads/upload";
import { queryClient, sessionEnded } from "./session";
import { tabs } from "./tabs";

/** Many small files finish within a second: one refresh for all of them is enough. */
const REFRESH_DELAY_MS = 300;

/** Connects uploads to the rest of the application: refreshing lists, the end of a session, leaving the page. */
export function connectUploads(): void {
  let timer: number | undefined;
  const refresh = () => {
    timer = undefined;
    void queryClient.invalidateQueries({ queryKey: filesKey });
    void queryClient.invalidateQueries({ queryKey: entriesKey });
    tabs.tell();
  };
  uploadQueue.events = {
    onStored: () => (timer ??= window.setTimeout(refresh, REFRESH_DELAY_MS)),
    onSessionEnd: sessionEnded,
  };
  window.addEventListener("beforeunload", (event) => {
    if (uploadQueue.list.snapshot().some(isActive)) event.preventDefault();
  });
}
