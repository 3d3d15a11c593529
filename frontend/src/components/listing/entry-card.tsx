import { Group, Text } from "@mantine/core";
import { Folder } from "lucide-react";
import { memo } from "react";
import { formatBytes, formatRelative } from "@/lib/format";
import type { Entry } from "./entries";
import { parentOf } from "@/lib/paths";
import { useEntryEvents } from "./use-entry-events";
import { EntryButton } from "./entry-buttons";
import { EntryCheck } from "./entry-check";
import classes from "./entry-grid.module.css";
import { EntryName } from "./entry-name";
import { SharedMark } from "./shared-mark";
import { Thumbnail } from "./thumbnail";

/** The height of a card's image area. */
const PICTURE_PX = 138;

interface Props {
  entry: Entry;
  /** Null where nothing can be selected. */
  selected: boolean | null;
  reachable: boolean;
  full: boolean;
}

export const EntryCard = memo(function EntryCard({ entry, selected, reachable, full }: Props) {
  const { over, handlers } = useEntryEvents(entry);
  const tabIndex = reachable ? 0 : -1;
  return (
    <div
      role="gridcell"
      aria-selected={selected ?? undefined}
      data-key={entry.key}
      data-over={over || undefined}
      tabIndex={tabIndex}
      className={classes.card}
      {...handlers}
    >
      <div className={classes.picture}>
        {entry.type === "file" ? (
          <Thumbnail key={entry.file.sha256} file={entry.file} height={PICTURE_PX} icon={36} whole />
        ) : (
          <Folder size={44} strokeWidth={1.25} aria-hidden className={classes.folder} />
        )}
      </div>
      {selected !== null && (
        <div className={classes.check}>
          <EntryCheck entry={entry} selected={selected} tabIndex={tabIndex} />
        </div>
      )}
      <div className={classes.foot}>
        <div className={classes.text}>
          <EntryName entry={entry} full={false} tabIndex={tabIndex} className={classes.name} />
          <Group gap={8} wrap="nowrap">
            <Text component="div" size="xs" c="dimmed" truncate>
              {full ? parentOf(entry.path) || "Files" : describe(entry)}
            </Text>
            <SharedMark entry={entry} />
          </Group>
        </div>
        <EntryButton entry={entry} tabIndex={tabIndex} />
      </div>
    </div>
  );
});

function describe(entry: Entry): string {
  if (entry.type === "file") return `${formatBytes(entry.file.size)} · ${formatRelative(entry.file.modified_at)}`;
  const { files, bytes } = entry.folder;
  return files === 0
    ? "Empty folder"
    : `${files.toLocaleString("en")} ${files === 1 ? "file" : "files"} · ${formatBytes(bytes)}`;
}
