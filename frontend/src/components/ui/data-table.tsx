import { Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./data-table.module.css";

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  width?: number;
  /** Numbers stand at the end, so that their digits line up. */
  numeric?: boolean;
  /** The header is for screen readers only, as that of a column of buttons. */
  quiet?: boolean;
  /** What the row is about: on a phone it stands above the rest, without its header. */
  lead?: boolean;
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Rows that are there, but not in use: greyed. */
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
          // `display: block` of the phone layout takes the roles of a table away, so they are said here
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
