import { Text, Tooltip } from "@mantine/core";
import { Folder } from "lucide-react";
import { memo } from "react";
import { FileSize } from "@/components/ui/file-size";
import { RelativeTime } from "@/components/ui/time";
import { formatBytes, formatRelative } from "@/lib/format";
import { useBrowserActions } from "../browser-actions";
import type { Entry } from "../entries";
import { extensionOf, kindOf } from "../kinds";
import { parentOf } from "../paths";
import { useEntryEvents } from "../use-entry-events";
import { EntryDownload, EntryMenuButton } from "./entry-buttons";
import { EntryName } from "./entry-name";
import classes from "./entry-table.module.css";

interface Props {
  entry: Entry;
  index: number;
  top: number;
  selected: boolean;
  /** Reached by the Tab key; the others by the arrow keys. */
  reachable: boolean;
  full: boolean;
}

export const EntryRow = memo(function EntryRow({ entry, index, top, selected, reachable, full }: Props) {
  const actions = useBrowserActions();
  const { over, handlers } = useEntryEvents(entry);
  const tabIndex = reachable ? 0 : -1;
  const { bytes, time } = figuresOf(entry);
  const kind = entry.type === "file" ? kindOf(entry.file.kind, entry.file.media_type) : FOLDER;
  const Icon = kind.icon;
  return (
    <div
      role="row"
      // the head of the table is the first
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-key={entry.key}
      data-over={over || undefined}
      tabIndex={tabIndex}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      {...handlers}
    >
      <label role="gridcell" className={classes.check} onClick={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          checked={selected}
          tabIndex={tabIndex}
          aria-label={`Select ${entry.path}`}
          onChange={(event) => actions.toggle(entry, event.nativeEvent as unknown as { shiftKey: boolean })}
        />
      </label>
      <div role="gridcell" className={classes.nameCell}>
        <Icon
          size={18}
          strokeWidth={1.75}
          className={classes.icon}
          data-folder={entry.type === "folder" || undefined}
        />
        <div className={classes.lines}>
          <EntryName entry={entry} full={full} tabIndex={tabIndex} className={classes.name} />
          <Text component="span" size="xs" c="dimmed" truncate className={classes.below}>
            {[formatBytes(bytes), time && formatRelative(time), full && parentOf(entry.path)]
              .filter(Boolean)
              .join(" · ")}
          </Text>
        </div>
      </div>
      <div role="gridcell" className={classes.kind}>
        <KindCell entry={entry} label={kind.label} />
      </div>
      <div role="gridcell" className={classes.size}>
        <FileSize bytes={bytes} />
      </div>
      <div role="gridcell" className={classes.modified}>
        {time ? <RelativeTime time={time} /> : "–"}
      </div>
      <div role="gridcell" className={classes.buttons}>
        <EntryDownload entry={entry} tabIndex={tabIndex} />
        <EntryMenuButton entry={entry} tabIndex={tabIndex} />
      </div>
    </div>
  );
});

const FOLDER = { label: "Folder", icon: Folder };

function figuresOf(entry: Entry): { bytes: number; time: string | null } {
  if (entry.type === "folder") return { bytes: entry.folder.bytes, time: entry.folder.modified_at };
  return { bytes: entry.file.size, time: entry.file.modified_at };
}

function KindCell({ entry, label }: { entry: Entry; label: string }) {
  if (entry.type === "folder") {
    const { files } = entry.folder;
    return files === 0 ? "Empty folder" : `${files.toLocaleString("en")} ${files === 1 ? "file" : "files"}`;
  }
  const extension = extensionOf(entry.name);
  return (
    <Tooltip label={entry.file.media_type}>
      <span>
        {label}
        {extension && <span className={classes.extension}>{extension}</span>}
      </span>
    </Tooltip>
  );
}
