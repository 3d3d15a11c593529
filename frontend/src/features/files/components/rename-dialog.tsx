import { useMoveEntries } from "../api/move-entries";
import type { Entry } from "../entries";
import { joinPath, parentOf } from "@/lib/paths";
import { NameDialog } from "./name-dialog";

interface Props {
  entry: Entry;
  onRenamed: (path: string) => void;
  onClose: () => void;
}

export function RenameDialog({ entry, onRenamed, onClose }: Props) {
  const rename = useMoveEntries(({ done }) => {
    const [moved] = done;
    if (!moved) return;
    onClose();
    onRenamed(moved.path);
  });
  return (
    <NameDialog
      title={entry.type === "folder" ? "Rename folder" : "Rename file"}
      action="Rename"
      initial={entry.name}
      pending={rename.isPending}
      error={rename.error ?? rename.data?.failures[0]?.error ?? null}
      onSubmit={(name) => rename.mutate([{ entry, path: joinPath(parentOf(entry.path), name) }])}
      onClose={onClose}
    />
  );
}
