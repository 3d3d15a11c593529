import { splitForMiddleEllipsis } from "@/lib/format";
import { shownName } from "@/lib/names";
import classes from "./path-text.module.css";

/** A path on one line: the folder is shortened first, then the middle of the name; the extension stays. */
export function PathText({ path: chosen, nameOnly = false }: { path: string; nameOnly?: boolean }) {
  const path = shownName(chosen);
  const cut = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, cut);
  const [head, tail] = splitForMiddleEllipsis(path.slice(cut));
  const shown = nameOnly ? path.slice(cut) : path;
  return (
    <span className={classes.root} title={path}>
      {/* for screen readers, which would read the parts separately */}
      <span className={classes.whole}>{shown}</span>
      {folder && !nameOnly && (
        <span className={classes.folder} data-folder aria-hidden>
          {folder}
        </span>
      )}
      {head && (
        <span className={classes.head} aria-hidden>
          {head}
        </span>
      )}
      <span className={classes.tail} aria-hidden>
        {tail}
      </span>
    </span>
  );
}
