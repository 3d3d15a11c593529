import { ActionIcon, Button, Group, Paper, Progress, Text } from "@mantine/core";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useState } from "react";
import { formatBytes, formatDuration } from "@/lib/format";
import { panelState } from "../panel-state";
import { uploadQueue } from "../queue";
import { headline, HELD_UP, type Summary } from "../summary";
import { mayRetry, type Upload } from "../upload";
import { UploadRows } from "./upload-rows";
import classes from "./upload-panel.module.css";

interface Props {
  uploads: readonly Upload[];
  summary: Summary;
}

export default function TransfersPanel({ uploads, summary }: Props) {
  const [folded, setFolded] = useState(false);
  const Fold = folded ? ChevronUp : ChevronDown;
  return (
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
        <ActionIcon aria-label={folded ? "Expand transfers" : "Collapse transfers"} onClick={() => setFolded(!folded)}>
          <Fold size={18} strokeWidth={1.75} />
        </ActionIcon>
        <ActionIcon aria-label="Close transfers" onClick={() => panelState.show(false)}>
          <X size={18} strokeWidth={1.75} />
        </ActionIcon>
      </header>
      {summary.progress && <Progress value={summary.progress.percent} size={3} radius={0} aria-label="All uploads" />}
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
  );
}

function Actions({ uploads, summary }: Props) {
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
