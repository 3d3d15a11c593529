import { Stack } from "@mantine/core";
import type { components } from "@/client/schema";
import { Pager } from "./pager";
import { PAGE_ROWS, describeRows, isNumeric } from "./table";
import classes from "./table-view.module.css";

type Table = components["schemas"]["TablePreviewJson"];

interface Props {
  table: Table;
  name: string;
  /** Another page is being loaded. */
  busy: boolean;
  onPage: (page: number) => void;
}

/** A page of rows, with the names and types of the columns. */
export default function TableView({ table, name, busy, onPage }: Props) {
  const { columns, rows, page } = table;
  const numeric = columns.map(({ type }) => isNumeric(type));
  const first = (page - 1) * PAGE_ROWS + 1;
  return (
    <Stack gap={6}>
      <div className={classes.box} tabIndex={0} role="region" aria-label={`Rows of ${name}`} aria-busy={busy}>
        <table>
          <thead>
            <tr>
              <th scope="col" data-index>
                #
              </th>
              {columns.map(({ name: title, type }, column) => (
                <th
                  key={column}
                  scope="col"
                  title={`${title} (${type})`}
                  data-numeric={numeric[column] ? true : undefined}
                >
                  {title || `Column ${column + 1}`}
                  <span className={classes.type}>{type}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                <td data-index>{(first + index).toLocaleString("en")}</td>
                {columns.map((_, column) => (
                  <Cell key={column} value={row[column] ?? null} numeric={numeric[column] ?? false} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager what="rows" page={page} pages={table.pages} more={table.more} onPage={onPage}>
        {describeRows(table)}
        {table.truncated && " · long values are shortened"}
      </Pager>
    </Stack>
  );
}

function Cell({ value, numeric }: { value: string | number | null; numeric: boolean }) {
  if (value === null)
    return (
      <td data-numeric={numeric || undefined}>
        <span className={classes.empty}>null</span>
      </td>
    );
  return (
    <td title={String(value)} data-numeric={numeric || undefined}>
      {value}
    </td>
  );
}
