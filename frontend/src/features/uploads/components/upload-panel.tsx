import { ActionIcon, Button, Group, Paper, Progress, Text, VisuallyHidden } from "@mantine/core";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { formatBytes, formatDuration } from "@/lib/format";
import { panelState, usePanelShown } from "../panel-state";
import { uploadQueue } from "../queue";
import { headline, type Summary, summarise } from "../summary";
import { mayRetry, type Upload } from "../upload";
import { useUploads } from "../use-uploads";
import { HELD_UP } from "./upload-row";
import { UploadRows } from "./upload-rows";
import classes from "./upload-panel.module.css";

const ClashDialog = lazy(() => import("./clash-dialog"));

/** All uploads of this visit, in the corner of every page. */
export function UploadPanel() {
  const uploads = useUploads();
  const shown = useShownPanel(uploads);
  const [folded, setFolded] = useState(false);
  const summary = summarise(uploads);
  const Fold = folded ? ChevronUp : ChevronDown;
  return (
    <>
      <VisuallyHidden role="status">{announcement(summary)}</VisuallyHidden>
      {summary.asking > 0 && !uploads.some((upload) => upload.state === "checking") && (
        <Suspense>
          <ClashDialog uploads={uploads} queue={uploadQueue} />
        </Suspense>
      )}
      {shown && (
        <Paper component="section" aria-label="Transfers" shadow="lg" withBorder className={classes.panel}>
          <header className={classes.header}>
            <div className={classes.title}>
              <Text fw={600} truncate className={classes.numbers}>
                {uploads.length === 0 ? "Transfers" : headline(summary)}
              </Text>
              {summary.progress && (
                <Text size="xs" c="dimmed" truncate className={classes.numbers}>
                  {pace(summary, uploadQueue.list.bytesPerSecond)}
                </Text>
              )}
            </div>
            <ActionIcon aria-label={folded ? "Unfold transfers" : "Fold transfers"} onClick={() => setFolded(!folded)}>
              <Fold size={18} strokeWidth={1.75} />
            </ActionIcon>
            <ActionIcon aria-label="Close transfers" onClick={() => panelState.show(false)}>
              <X size={18} strokeWidth={1.75} />
            </ActionIcon>
          </header>
          {summary.progress && (
            <Progress value={summary.progress.percent} size={3} radius={0} aria-label="All uploads" />
          )}
          {!folded && (
            <>
              {uploads.length === 0 ? (
                <Text c="dimmed" px={16} py={20}>
                  Nothing uploaded since this page was opened.
                </Text>
              ) : (
                <UploadRows uploads={uploads} queue={uploadQueue} />
              )}
              <Actions uploads={uploads} summary={summary} />
            </>
          )}
        </Paper>
      )}
    </>
  );
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

function Actions({ uploads, summary }: { uploads: readonly Upload[]; summary: Summary }) {
  const ended = uploads.length - summary.active;
  if (uploads.length === 0) return null;
  return (
    <Group className={classes.actions} gap={4} justify="flex-end">
      {uploads.some((upload) => upload.state === "failed" && mayRetry(upload)) && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => uploadQueue.retryFailed()}>
          Retry failed
        </Button>
      )}
      {summary.active > 0 && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => uploadQueue.cancelAll()}>
          Cancel all
        </Button>
      )}
      {ended > 0 && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => uploadQueue.clearEnded()}>
          Clear finished
        </Button>
      )}
    </Group>
  );
}

function pace({ heldUp, progress }: Summary, bytesPerSecond: number): string {
  const bytesLeft = progress?.bytesLeft ?? 0;
  if (heldUp) return HELD_UP[heldUp];
  if (bytesPerSecond <= 0) return `${formatBytes(bytesLeft)} left`;
  return `${formatBytes(bytesPerSecond)}/s · ${formatDuration(bytesLeft / bytesPerSecond)} left`;
}

/** For screen readers: the start and the end, not each percent. */
function announcement(summary: Summary): string {
  if (summary.heldUp) return HELD_UP[summary.heldUp];
  if (summary.active > 0) return "Upload started";
  return summary.files + summary.folders + summary.failed > 0 ? headline(summary) : "";
}
