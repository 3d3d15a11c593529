import { ActionIcon, Progress, Text } from "@mantine/core";
import { Ban, CircleCheck, CircleX, RotateCw, X } from "lucide-react";
import { PathText } from "@/components/ui/path-text";
import { formatBytes, formatDuration } from "@/lib/format";
import { isActive, type Upload, type UploadQueue } from "../queue";
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
        {isActive(upload) && (
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
      {isActive(upload) && (
        <ActionIcon aria-label={`Cancel upload of ${path}`} onClick={() => queue.cancel(id)}>
          <X size={16} strokeWidth={1.75} />
        </ActionIcon>
      )}
      {(state === "failed" || state === "cancelled") && (
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
  if (upload.state === "cancelled") return <Ban {...style} className={classes.cancelled} />;
  return null;
}

function describe({ state, size, sent, bytesPerSecond, replaced, error }: Upload): string {
  switch (state) {
    case "waiting":
      return `Waiting, ${formatBytes(size)}`;
    case "sending":
      return [`${formatBytes(sent)} of ${formatBytes(size)}`, ...pace(size - sent, bytesPerSecond)].join(" · ");
    case "storing":
      return "Sent, being stored";
    case "done":
      return replaced ? `${formatBytes(size)}, replaced the file of this name` : formatBytes(size);
    case "failed":
      return [error?.message, error?.hint].filter(Boolean).join(" ");
    case "cancelled":
      return "Cancelled";
  }
}

function pace(bytesLeft: number, bytesPerSecond: number): string[] {
  if (bytesPerSecond <= 0) return [];
  return [`${formatBytes(bytesPerSecond)}/s`, `${formatDuration(bytesLeft / bytesPerSecond)} left`];
}
