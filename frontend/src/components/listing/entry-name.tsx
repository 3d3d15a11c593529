import type { MouseEvent } from "react";
import { PathText } from "@/components/ui/path-text";
import { useBrowserActions } from "./browser-actions";
import type { Entry } from "./entries";

interface Props {
  entry: Entry;
  /** Shows the name with its folder, in search results. */
  full: boolean;
  tabIndex: number;
  className: string | undefined;
}

/**
 * A link, so that it can be opened in a new tab; a plain click opens a folder, or the drawer of a file. A plain anchor,
 * because hundreds of router links slow down a long list.
 */
export function EntryName({ entry, full, tabIndex, className }: Props) {
  const actions = useBrowserActions();
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    // these select, as on the rest of the row
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
