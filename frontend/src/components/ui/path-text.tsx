import { splitForMiddleEllipsis } from "@/lib/format";
import classes from "./path-text.module.css";

/** A path on one line: the folder is shortened first, then the middle of the name; the extension stays. */
export function PathText({ path, nameOnly = false }: { path: string; nameOnly?: boolean }) {
  const cut = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, cut);
  const [head, tail] = splitForMiddleEllipsis(path.slice(cut));
  return (
    <span className={classes.root} title={path}>
      {folder && !nameOnly && <span className={classes.folder}>{folder}</span>}
      {head && <span className={classes.head}>{head}</span>}
      <span className={classes.tail}>{tail}</span>
    </span>
  );
}
