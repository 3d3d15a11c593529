import { Table, VisuallyHidden } from "@mantine/core";
import type { File, Sort } from "../api/list-files";
import { FileRow } from "./file-row";
import classes from "./file-table.module.css";
import { SortHeader } from "./sort-header";

interface Props {
  files: File[];
  sort: Sort;
  /** The rows belong to the filter before; the new ones are on their way. */
  stale: boolean;
  onSort: (sort: Sort) => void;
  onDelete: (file: File) => void;
}

export function FileTable({ files, sort, stale, onSort, onDelete }: Props) {
  return (
    <Table className={classes.table} layout="fixed" aria-label="Files" data-stale={stale || undefined}>
      <Table.Thead>
        <Table.Tr>
          <SortHeader label="Name" column="path" sort={sort} onSort={onSort} className={classes.name} />
          <Table.Th className={classes.kind}>Type</Table.Th>
          <SortHeader label="Size" column="size" sort={sort} onSort={onSort} className={classes.size} end />
          <SortHeader label="Modified" column="modified_at" sort={sort} onSort={onSort} className={classes.modified} />
          <Table.Th className={classes.actions}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {files.map((file) => (
          <FileRow key={file.id} file={file} onDelete={onDelete} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
