import { Link } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { PathText } from "@/components/ui/path-text";
import { useBrowserActions } from "../browser-actions";
import type { Entry } from "../entries";
import { FolderLink } from "./folder-link";

interface Props {
  entry: Entry;
  /** With its folder: in a list of what was found in all of them. */
  full: boolean;
  tabIndex: number;
  className: string | undefined;
}

/** A link, so that it opens in a new tab as well; a plain click on a file shows its drawer. */
export function EntryName({ entry, full, tabIndex, className }: Props) {
  const actions = useBrowserActions();
  const text = <PathText path={full ? entry.path : entry.name} />;
  const shared = { className, tabIndex };
  if (entry.type === "folder") {
    const onClick = (event: MouseEvent) => {
      if (selects(event)) event.preventDefault();
      else event.stopPropagation();
    };
    return (
      <FolderLink folder={entry.path} onClick={onClick} {...shared}>
        {text}
      </FolderLink>
    );
  }
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    if (selects(event)) return;
    event.stopPropagation();
    actions.preview(entry);
  };
  return (
    <Link to="/file/$id" params={{ id: entry.file.id }} onClick={onClick} draggable={false} {...shared}>
      {text}
    </Link>
  );
}

function selects(event: MouseEvent): boolean {
  return event.shiftKey || event.ctrlKey || event.metaKey;
}
