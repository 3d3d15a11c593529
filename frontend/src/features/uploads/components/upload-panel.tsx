import { VisuallyHidden } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef } from "react";
import { panelState, usePanelShown } from "../panel-state";
import { uploadQueue } from "../queue";
import { headline, HELD_UP, type Summary, summarise } from "../summary";
import type { Upload } from "../upload";
import { useUploads } from "../use-uploads";

const loadPanel = () => import("./transfers-panel");
const loadDialog = () => import("./clash-dialog");
const TransfersPanel = lazy(loadPanel);
const ClashDialog = lazy(loadDialog);

/** All uploads of this visit, in the corner of every page. */
export function UploadPanel() {
  const uploads = useUploads();
  const shown = useShownPanel(uploads);
  const summary = summarise(uploads);
  useLoaded();
  return (
    <>
      <VisuallyHidden role="status">{announcement(summary)}</VisuallyHidden>
      <Suspense>
        {summary.asking > 0 && !summary.checking && <ClashDialog uploads={uploads} queue={uploadQueue} />}
        {shown && <TransfersPanel uploads={uploads} summary={summary} />}
      </Suspense>
    </>
  );
}

/** Not with the first page, but before they are needed: by then the server may be away. */
function useLoaded(): void {
  useEffect(() => {
    void Promise.allSettled([loadPanel(), loadDialog()]);
  }, []);
}

/** It opens by itself when something is added; closing it stops nothing. */
function useShownPanel(uploads: readonly Upload[]): boolean {
  const newest = uploads.at(-1)?.id ?? 0;
  const seen = useRef(0);
  useEffect(() => {
    if (newest > seen.current) panelState.show(true);
    seen.current = Math.max(seen.current, newest);
  }, [newest]);
  return usePanelShown();
}

/** For screen readers: the start and the end, not each percent. */
function announcement(summary: Summary): string {
  if (summary.heldUp) return HELD_UP[summary.heldUp];
  if (summary.active > 0) return "Upload started";
  return summary.files + summary.folders + summary.failed > 0 ? headline(summary) : "";
}
