import { ActionIcon, Paper, Progress, Text, VisuallyHidden } from "@mantine/core";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useState } from "react";
import { uploadQueue } from "../queue";
import { headline, summarise } from "../summary";
import { useUploads } from "../use-uploads";
import { UploadRow } from "./upload-row";
import classes from "./upload-panel.module.css";

/** All uploads of this visit, in the corner of every page. */
export function UploadPanel() {
  const uploads = useUploads();
  const [folded, setFolded] = useState(false);
  const summary = summarise(uploads);
  const Fold = folded ? ChevronUp : ChevronDown;
  return (
    <>
      <VisuallyHidden role="status">{announcement(summary)}</VisuallyHidden>
      {uploads.length > 0 && (
        <Paper component="section" aria-label="Uploads" shadow="lg" withBorder className={classes.panel}>
          <header className={classes.header}>
            <Text fw={600} flex={1} className={classes.numbers}>
              {headline(summary)}
            </Text>
            <ActionIcon aria-label={folded ? "Show uploads" : "Fold uploads"} onClick={() => setFolded(!folded)}>
              <Fold size={18} strokeWidth={1.75} />
            </ActionIcon>
            {summary.active === 0 && (
              <ActionIcon aria-label="Close uploads" onClick={() => uploadQueue.clearEnded()}>
                <X size={18} strokeWidth={1.75} />
              </ActionIcon>
            )}
          </header>
          {summary.active > 0 && folded && (
            <Progress value={summary.percent} size={3} radius={0} aria-label="All uploads" />
          )}
          {!folded && (
            <ul className={classes.list}>
              {uploads.map((upload) => (
                <UploadRow key={upload.id} upload={upload} />
              ))}
            </ul>
          )}
        </Paper>
      )}
    </>
  );
}

/** For screen readers: the start and the end, not each percent. */
function announcement(summary: ReturnType<typeof summarise>): string {
  if (summary.active > 0) return "Upload started";
  return summary.done + summary.failed > 0 ? headline(summary) : "";
}
