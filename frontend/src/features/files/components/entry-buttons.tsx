import { Download, Ellipsis } from "lucide-react";
import type { MouseEvent } from "react";
import { useBrowserActions } from "../browser-actions";
import { downloadUrl } from "../download-url";
import type { Entry } from "../entries";
import classes from "@/components/ui/row-button.module.css";

interface Props {
  entry: Entry;
  tabIndex: number;
}

export function EntryDownload({ entry, tabIndex }: Props) {
  if (entry.type === "folder") return null;
  return (
    <a
      className={classes.button}
      href={downloadUrl(entry.file.id)}
      download={entry.name}
      draggable={false}
      tabIndex={tabIndex}
      aria-label={`Download ${entry.path}`}
      onClick={(event) => event.stopPropagation()}
    >
      <Download size={16} strokeWidth={1.75} aria-hidden />
    </a>
  );
}

/** Opens the same menu as a right click. */
export function EntryMenuButton({ entry, tabIndex }: Props) {
  const actions = useBrowserActions();
  const open = (event: MouseEvent<HTMLElement>) => {
    event.stopPropagation();
    const box = event.currentTarget.getBoundingClientRect();
    actions.openMenu(entry, { x: box.right, y: box.bottom + 2 });
  };
  return (
    <button
      type="button"
      className={classes.button}
      tabIndex={tabIndex}
      aria-haspopup="menu"
      aria-label={`More actions for ${entry.path}`}
      onClick={open}
    >
      <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
}
