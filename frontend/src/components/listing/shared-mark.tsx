import { Link2, Users } from "lucide-react";
import type { ReactNode } from "react";
import { type Entry, sharedOf } from "./entries";
import classes from "./shared-mark.module.css";

const ICON = { size: 14, strokeWidth: 1.75, "aria-hidden": true } as const;

/** That others can get at it, by a link or by name. The browser's own tooltips, as elsewhere in a long list. */
export function SharedMark({ entry }: { entry: Entry }) {
  const { links, people } = sharedOf(entry);
  if (links === 0 && people === 0) return null;
  return (
    <span className={classes.marks}>
      {links > 0 && (
        <Mark text={links === 1 ? "Has a link" : `Has ${links} links`}>
          <Link2 {...ICON} />
        </Mark>
      )}
      {people > 0 && (
        <Mark text={`Shared with ${people} ${people === 1 ? "person" : "people"}`}>
          <Users {...ICON} />
        </Mark>
      )}
    </span>
  );
}

function Mark({ text, children }: { text: string; children: ReactNode }) {
  return (
    <span role="img" aria-label={text} title={text} className={classes.mark}>
      {children}
    </span>
  );
}
