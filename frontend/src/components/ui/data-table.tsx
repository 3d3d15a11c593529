import { Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./data-table.module.css";

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  width?: number;
  /** Numbers are aligned to the end, so that their digits line up. */
  numeric?: boolean;
  /** The header is for screen readers only, for example above a column of buttons. */
  quiet?: boolean;
  /** The name of the row: on a phone it is shown first, without its header. */
  lead?: boolean;
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Rows that are not in use are greyed out. */
  isMuted?: (row: Row) => boolean;
}

/** A table; on a phone each row becomes a block with the header in front of each value. */
export function DataTable<Row>({ label, columns, rows, rowKey, isMuted }: Props<Row>) {
  return (
    <Table className={classes.table} aria-label={label} role="table">
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {columns.map(({ header, width, numeric, quiet }) => (
            <Table.Th key={header} role="columnheader" w={width} ta={numeric ? "end" : undefined}>
              {quiet ? <VisuallyHidden>{header}</VisuallyHidden> : header}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {rows.map((row) => (
          // the phone layout's `display: block` removes the implicit table roles, so they are set here
          <Table.Tr key={rowKey(row)} role="row" data-muted={isMuted?.(row) ? true : undefined}>
            {columns.map(({ header, cell, numeric, quiet, lead }) => (
              <Table.Td
                key={header}
                role="cell"
                data-label={quiet || lead ? undefined : header}
                data-numeric={numeric ?? undefined}
                data-quiet={quiet ?? undefined}
              >
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
