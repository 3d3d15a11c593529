import { Download, Ellipsis } from "lucide-react";
import type { MouseEvent } from "react";
import { useBrowserActions } from "./browser-actions";
import type { Entry } from "./entries";
import classes from "@/components/ui/row-button.module.css";

interface Props {
  entry: Entry;
  tabIndex: number;
}

export function EntryDownload({ entry, tabIndex }: Props) {
  const actions = useBrowserActions();
  const address = entry.type === "file" ? actions.downloadUrl(entry.file) : null;
  if (address === null) return null;
  return (
    <a
      className={classes.button}
      href={address}
      download={entry.name}
      draggable={false}
      tabIndex={tabIndex}
      aria-label={`Download ${entry.path}`}
      onClick={(event) => {
        event.stopPropagation();
        actions.downloaded?.();
      }}
    >
      <Download size={16} strokeWidth={1.75} aria-hidden />
    </a>
  );
}

/** On a card, which has room for one button: the menu, which downloads too, or the download where there is none. */
export function EntryButton(props: Props) {
  const actions = useBrowserActions();
  return actions.openMenu ? <EntryMenuButton {...props} /> : <EntryDownload {...props} />;
}

/** Opens the same menu as a right click. */
export function EntryMenuButton({ entry, tabIndex }: Props) {
  const actions = useBrowserActions();
  if (!actions.openMenu) return null;
  const open = (event: MouseEvent<HTMLElement>) => {
    event.stopPropagation();
    const box = event.currentTarget.getBoundingClientRect();
    actions.openMenu?.(entry, { x: box.right, y: box.bottom + 2 });
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
