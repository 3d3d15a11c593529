import type { MouseEvent } from "react";
import { PathText } from "@/components/ui/path-text";
import { useBrowserActions } from "./browser-actions";
import type { Entry } from "./entries";

interface Props {
  entry: Entry;
  /** With its folder: in a list of what was found in all of them. */
  full: boolean;
  tabIndex: number;
  className: string | undefined;
}

/**
 * A link, so that it opens in a new tab as well; a plain click enters a folder and shows the drawer of a file. A plain
 * anchor, for a hundred links that listen to the router are what makes a long list slow.
 */
export function EntryName({ entry, full, tabIndex, className }: Props) {
  const actions = useBrowserActions();
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    // those select, as on the rest of the row
    if (event.shiftKey || event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
    actions.preview(entry);
  };
  return (
    <a href={actions.addressOf(entry)} onClick={onClick} draggable={false} tabIndex={tabIndex} className={className}>
      <PathText path={full ? entry.path : entry.name} />
    </a>
  );
}
