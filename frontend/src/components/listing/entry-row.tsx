import { Folder } from "lucide-react";
import { memo } from "react";
import { formatAbsolute, formatBytes, formatExactBytes, formatRelative } from "@/lib/format";
import type { Entry } from "./entries";
import { extensionOf, kindOf } from "./kinds";
import { parentOf } from "@/lib/paths";
import { useEntryEvents } from "./use-entry-events";
import { EntryDownload, EntryMenuButton } from "./entry-buttons";
import { EntryCheck } from "./entry-check";
import { EntryName } from "./entry-name";
import classes from "./entry-table.module.css";
import { SharedMark } from "./shared-mark";
import { Thumbnail } from "./thumbnail";

interface Props {
  entry: Entry;
  index: number;
  top: number;
  /** Null where nothing can be selected. */
  selected: boolean | null;
  /** Reached by the Tab key; the others by the arrow keys. */
  reachable: boolean;
  full: boolean;
}

export const EntryRow = memo(function EntryRow({ entry, index, top, selected, reachable, full }: Props) {
  const { over, handlers } = useEntryEvents(entry);
  const tabIndex = reachable ? 0 : -1;
  const { bytes, time } = figuresOf(entry);
  return (
    <div
      role="row"
      // the table header is row 1
      aria-rowindex={index + 2}
      aria-selected={selected ?? undefined}
      data-key={entry.key}
      data-over={over || undefined}
      tabIndex={tabIndex}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      {...handlers}
    >
      {selected !== null && (
        <div role="gridcell" className={classes.check}>
          <EntryCheck entry={entry} selected={selected} tabIndex={tabIndex} />
        </div>
      )}
      <div role="gridcell" className={classes.nameCell}>
        <span className={classes.mark}>
          {entry.type === "file" ? (
            <Thumbnail key={entry.file.sha256} file={entry.file} height={28} icon={18} whole={false} />
          ) : (
            <Folder size={18} strokeWidth={1.75} className={classes.folder} />
          )}
        </span>
        <div className={classes.lines}>
          <EntryName entry={entry} full={full} tabIndex={tabIndex} className={classes.name} />
          <span className={classes.below}>
            {[formatBytes(bytes), formatRelative(time), full && parentOf(entry.path)].filter(Boolean).join(" · ")}
          </span>
        </div>
        <SharedMark entry={entry} />
      </div>
      <div role="gridcell" className={classes.kind}>
        <KindCell entry={entry} />
      </div>
      <div role="gridcell" className={classes.size}>
        {/* native tooltips: a tooltip component in every row would slow down scrolling */}
        <span title={formatExactBytes(bytes)}>{formatBytes(bytes)}</span>
      </div>
      <div role="gridcell" className={classes.modified}>
        <time dateTime={time} title={formatAbsolute(time)}>
          {formatRelative(time)}
        </time>
      </div>
      <div role="gridcell" className={classes.buttons}>
        <EntryDownload entry={entry} tabIndex={tabIndex} />
        <EntryMenuButton entry={entry} tabIndex={tabIndex} />
      </div>
    </div>
  );
});

function figuresOf(entry: Entry): { bytes: number; time: string } {
  if (entry.type === "folder") return { bytes: entry.folder.bytes, time: entry.folder.modified_at };
  return { bytes: entry.file.size, time: entry.file.modified_at };
}

function KindCell({ entry }: { entry: Entry }) {
  if (entry.type === "folder") {
    const { files } = entry.folder;
    return files === 0 ? "Empty folder" : `${files.toLocaleString("en")} ${files === 1 ? "file" : "files"}`;
  }
  const extension = extensionOf(entry.name);
  return (
    <span title={entry.file.media_type}>
      {kindOf(entry.file.kind, entry.file.media_type).label}
      {extension && <span className={classes.extension}>{extension}</span>}
    </span>
  );
}
