import type { ReactNode } from "react";
import type { Dialog } from "../dialog";
import type { Entry } from "../entries";
import { DeleteDialog } from "./delete-dialog";
import { KeysDialog } from "./keys-dialog";
import { MoveDialog } from "./move-dialog";
import { NewFolderDialog } from "./new-folder-dialog";
import { RenameDialog } from "./rename-dialog";

interface Props {
  dialog: Dialog;
  onClose: () => void;
  onCreated: (path: string) => void;
  onMoved: () => void;
  onDeleted: (entries: readonly Entry[]) => void;
  /** The dialog for sharing, which knows more than files. */
  shareDialog: ShareDialog;
}

export type ShareDialog = (entry: Entry, onClose: () => void) => ReactNode;

/** Loaded when the first of them is opened. */
export default function BrowserDialogs({ dialog, onClose, onCreated, onMoved, onDeleted, shareDialog }: Props) {
  switch (dialog.name) {
    case "new-folder":
      return <NewFolderDialog folder={dialog.folder} onCreated={onCreated} onClose={onClose} />;
    case "rename":
      return <RenameDialog entry={dialog.entry} onRenamed={onMoved} onClose={onClose} />;
    case "move":
      return <MoveDialog entries={dialog.entries} onMoved={onMoved} onClose={onClose} />;
    case "delete":
      return <DeleteDialog entries={dialog.entries} onDeleted={onDeleted} onClose={onClose} />;
    case "share":
      return shareDialog(dialog.entry, onClose);
    case "keys":
      return <KeysDialog onClose={onClose} />;
  }
}
