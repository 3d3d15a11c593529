import { ActionIcon, Button, Text } from "@mantine/core";
import { Download, FolderInput, Trash2, X } from "lucide-react";
import { formatBytes } from "@/lib/format";
import type { Dialog } from "../dialog";
import { downloadEach } from "../download-url";
import { countOf, type Entry } from "../entries";
import classes from "@/components/listing/toolbar.module.css";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

interface Props {
  selected: readonly Entry[];
  /** Null if all entries are loaded. */
  onSelectAll: (() => void) | null;
  onClear: () => void;
  onDialog: (dialog: Dialog) => void;
}

/** Replaces the toolbar while something is selected, so that nothing moves. */
export default function BulkBar({ selected, onSelectAll, onClear, onDialog }: Props) {
  const files = selected.flatMap((entry) => (entry.type === "file" ? [entry.file] : []));
  const bytes = selected.reduce(
    (sum, entry) => sum + (entry.type === "file" ? entry.file.size : entry.folder.bytes),
    0,
  );
  const button = { variant: "default", size: "sm", className: classes.bulkButton } as const;
  return (
    <div role="toolbar" aria-label="Selection" className={classes.bar}>
      <ActionIcon aria-label="Clear selection" onClick={onClear}>
        <X size={18} strokeWidth={1.75} />
      </ActionIcon>
      <Text fw={500} truncate className={classes.count}>
        {countOf(selected)}
        <Text component="span" c="dimmed" visibleFrom="sm">
          {` · ${formatBytes(bytes)}`}
        </Text>
      </Text>
      {onSelectAll && (
        <Button size="compact-sm" variant="subtle" onClick={onSelectAll} visibleFrom="sm">
          Select all in this view
        </Button>
      )}
      <div className={classes.space} />
      {files.length > 0 && (
        <Button {...button} leftSection={<Download {...ICON} aria-hidden />} onClick={() => void downloadEach(files)}>
          <span className={classes.word}>Download</span>
        </Button>
      )}
      <Button
        {...button}
        leftSection={<FolderInput {...ICON} aria-hidden />}
        onClick={() => onDialog({ name: "move", entries: selected })}
      >
        <span className={classes.word}>Move</span>
      </Button>
      <Button
        {...button}
        leftSection={<Trash2 {...ICON} aria-hidden />}
        onClick={() => onDialog({ name: "delete", entries: selected })}
      >
        <span className={classes.word}>Delete</span>
      </Button>
    </div>
  );
}
