import { filesKey } from "@/features/files/api/list-files";
import { entriesKey } from "@/features/sharing/api/list-entries";
import { uploadQueue } from "@/features/uploads/queue";
import { isActive } from "@/features/uploads/upload";
import { queryClient, sessionEnded } from "./session";

/** Many small files end within one second: one new list for all of them is enough. */
const REFRESH_DELAY_MS = 300;

/** What the rest of the application has to do with uploads: new lists, the end of a session, leaving the page. */
export function connectUploads(): void {
  let timer: number | undefined;
  const refresh = () => {
    timer = undefined;
    void queryClient.invalidateQueries({ queryKey: filesKey });
    void queryClient.invalidateQueries({ queryKey: entriesKey });
  };
  uploadQueue.events = {
    onStored: () => (timer ??= window.setTimeout(refresh, REFRESH_DELAY_MS)),
    onSessionEnd: sessionEnded,
  };
  window.addEventListener("beforeunload", (event) => {
    if (uploadQueue.list.snapshot().some(isActive)) event.preventDefault();
  });
}
