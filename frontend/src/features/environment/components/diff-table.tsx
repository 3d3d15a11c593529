import { VisuallyHidden } from "@mantine/core";
import { formatQuantity } from "@/lib/format";
import { type DiffLine, sideBySide } from "../side-by-side";
import classes from "./diff-table.module.css";

/** The file of now and a backup, side by side; secrets are masks. */
export function DiffTable({ lines }: { lines: readonly DiffLine[] }) {
  return (
    // a region that scrolls is reached by the keyboard
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Comparison">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Current file</th>
            <th scope="col">Backup</th>
          </tr>
        </thead>
        <tbody>
          {sideBySide(lines).map((row, index) =>
            "folded" in row ? (
              <tr key={index}>
                <td colSpan={2} className={classes.folded}>
                  {formatQuantity(row.folded, "unchanged line")}
                </td>
              </tr>
            ) : (
              <tr key={index}>
                <Cell line={row.before} number={row.before?.before_line} />
                <Cell line={row.after} number={row.after?.after_line} />
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

const SPOKEN = { same: "", removed: "Only in the current file: ", added: "Only in the backup: " } as const;

function Cell({ line, number }: { line: DiffLine | null; number: number | null | undefined }) {
  if (!line) return <td className={classes.cell} />;
  return (
    <td className={classes.cell} data-kind={line.kind}>
      <span className={classes.number} aria-hidden>
        {number}
      </span>
      <VisuallyHidden>{SPOKEN[line.kind]}</VisuallyHidden>
      {line.text}
    </td>
  );
}
