import { Text } from "@mantine/core";
import { Folder } from "lucide-react";
import { memo, useState } from "react";
import { formatBytes, formatRelative } from "@/lib/format";
import { contentUrl } from "../download-url";
import type { Entry, FileEntry } from "../entries";
import { kindOf } from "../kinds";
import { parentOf } from "../paths";
import { previewOf } from "../preview";
import { useEntryEvents } from "../use-entry-events";
import { EntryMenuButton } from "./entry-buttons";
import { EntryCheck } from "./entry-check";
import classes from "./entry-grid.module.css";
import { EntryName } from "./entry-name";

interface Props {
  entry: Entry;
  selected: boolean;
  reachable: boolean;
  full: boolean;
}

export const EntryCard = memo(function EntryCard({ entry, selected, reachable, full }: Props) {
  const { over, handlers } = useEntryEvents(entry);
  const tabIndex = reachable ? 0 : -1;
  return (
    <div
      role="gridcell"
      aria-selected={selected}
      data-key={entry.key}
      data-over={over || undefined}
      tabIndex={tabIndex}
      className={classes.card}
      {...handlers}
    >
      <div className={classes.picture}>
        {entry.type === "file" ? (
          <Picture key={entry.key} entry={entry} />
        ) : (
          <Folder size={44} strokeWidth={1.25} aria-hidden className={classes.folder} />
        )}
      </div>
      <div className={classes.check}>
        <EntryCheck entry={entry} selected={selected} tabIndex={tabIndex} />
      </div>
      <div className={classes.foot}>
        <div className={classes.text}>
          <EntryName entry={entry} full={false} tabIndex={tabIndex} className={classes.name} />
          <Text component="div" size="xs" c="dimmed" truncate>
            {full ? parentOf(entry.path) || "Files" : describe(entry)}
          </Text>
        </div>
        <EntryMenuButton entry={entry} tabIndex={tabIndex} />
      </div>
    </div>
  );
});

/** Pictures up to this size are shown as they are; of larger ones only what the service has made smaller. */
const SHOWN_BYTES = 2_000_000;

function Picture({ entry: { file } }: { entry: FileEntry }) {
  const [broken, setBroken] = useState(false);
  const small = previewOf(file) === "image" && file.size <= SHOWN_BYTES ? contentUrl(file.id) : null;
  const address = file.thumbnail_url ?? small;
  const Icon = kindOf(file.kind, file.media_type).icon;
  if (!address || broken) return <Icon size={36} strokeWidth={1.25} aria-hidden className={classes.icon} />;
  return <img src={address} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setBroken(true)} />;
}

function describe(entry: Entry): string {
  if (entry.type === "file") return `${formatBytes(entry.file.size)} · ${formatRelative(entry.file.modified_at)}`;
  const { files, bytes } = entry.folder;
  return files === 0
    ? "Empty folder"
    : `${files.toLocaleString("en")} ${files === 1 ? "file" : "files"} · ${formatBytes(bytes)}`;
}
