import { ActionIcon, Progress, Text } from "@mantine/core";
import { Ban, CircleCheck, CircleX, RotateCw, X } from "lucide-react";
import { PathText } from "@/components/ui/path-text";
import { formatBytes, formatDuration } from "@/lib/format";
import type { UploadQueue } from "../queue";
import { HELD_UP } from "../summary";
import { isActive, mayRetry, type Upload } from "../upload";
import classes from "./upload-row.module.css";

export function UploadRow({ upload, queue }: { upload: Upload; queue: UploadQueue }) {
  const { id, path, size, sent, state } = upload;
  const percent = size === 0 ? 0 : (sent / size) * 100;
  return (
    <li className={classes.row}>
      <div className={classes.text}>
        <Text component="div" className={classes.name}>
          <PathText path={path} />
        </Text>
        {isActive(upload) && upload.kind === "file" && (
          <Progress value={percent} size={4} aria-label={`Upload of ${path}`} animated={state === "storing"} />
        )}
        <Text
          component="div"
          size="xs"
          c={state === "failed" ? "var(--mantine-color-error)" : "dimmed"}
          className={classes.state}
        >
          {describe(upload)}
        </Text>
      </div>
      <Mark upload={upload} />
      {upload.heldUp === "server" && (
        <ActionIcon aria-label={`Try upload of ${path} now`} onClick={() => queue.hurry()}>
          <RotateCw size={16} strokeWidth={1.75} />
        </ActionIcon>
      )}
      {isActive(upload) && (
        <ActionIcon aria-label={`Cancel upload of ${path}`} onClick={() => queue.cancel(id)}>
          <X size={16} strokeWidth={1.75} />
        </ActionIcon>
      )}
      {mayRetry(upload) && (
        <ActionIcon aria-label={`Try upload of ${path} again`} onClick={() => queue.retry(id)}>
          <RotateCw size={16} strokeWidth={1.75} />
        </ActionIcon>
      )}
    </li>
  );
}

function Mark({ upload }: { upload: Upload }) {
  const style = { size: 18, strokeWidth: 1.75, "aria-hidden": true } as const;
  if (upload.state === "done") return <CircleCheck {...style} className={classes.done} />;
  if (upload.state === "failed") return <CircleX {...style} className={classes.failed} />;
  if (upload.state === "cancelled" || upload.state === "skipped")
    return <Ban {...style} className={classes.cancelled} />;
  return null;
}

function describe(upload: Upload): string {
  const { kind, state, size, sent, bytesPerSecond, error } = upload;
  if (upload.heldUp) return HELD_UP[upload.heldUp];
  switch (state) {
    case "checking":
      return "Checking the name";
    case "asking":
      return "This name is taken";
    case "waiting":
      return kind === "folder" ? "Waiting, empty folder" : `Waiting, ${formatBytes(size)}`;
    case "sending":
      return [`${formatBytes(sent)} of ${formatBytes(size)}`, ...pace(size - sent, bytesPerSecond)].join(" · ");
    case "storing":
      return "Sent, being stored";
    case "done":
      return [kind === "folder" ? "Empty folder" : formatBytes(size), ...outcome(upload)].join(", ");
    case "failed":
      return [error?.message, error?.hint].filter(Boolean).join(" ");
    case "cancelled":
      return "Cancelled";
    case "skipped":
      return kind === "folder" ? "Skipped: only files can be sent here" : "Skipped: this name is taken";
  }
}

function outcome({ replaced, chosenPath }: Upload): string[] {
  if (chosenPath !== null) return ["renamed to keep both"];
  return replaced ? ["replaced the existing file"] : [];
}

function pace(bytesLeft: number, bytesPerSecond: number): string[] {
  if (bytesPerSecond <= 0) return [];
  return [`${formatBytes(bytesPerSecond)}/s`, `${formatDuration(bytesLeft / bytesPerSecond)} left`];
}
