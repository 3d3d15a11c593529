import { type ReactNode, useCallback } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { ApiError } from "@/lib/http";
import type { FileFilter } from "../api/list-files";
import type { Entries } from "../use-entries";
import type { SelectionState } from "@/components/listing/use-selection";
import { EntryGrid } from "@/components/listing/entry-grid";
import { EntryTable } from "@/components/listing/entry-table";
import { EmptyFolder, FilesSkeleton, NoFiles, NoFolder, NoMatch } from "./file-states";

interface Props {
  list: Entries;
  selection: SelectionState;
  folder: string;
  filter: FileFilter;
  full: boolean;
  /** Cards beside each other; null for the list, 0 while it is being measured. */
  columns: number | null;
  onFilter: (change: Partial<FileFilter>) => void;
  emptyAction: ReactNode;
}

/** One of the faces of a list: loading, failed, empty, rows or cards. */
export function BrowserContent({ list, selection, folder, filter, full, columns, onFilter, emptyAction }: Props) {
  const { loadMore } = list;
  const onNearEnd = useCallback(() => loadMore(), [loadMore]);
  if (list.isPending || columns === 0) return <FilesSkeleton grid={columns !== null} />;
  if (list.entries.length === 0) {
    if (list.error !== null) {
      if (list.error instanceof ApiError && list.error.status === 404) return <NoFolder />;
      return <ErrorView title="The files could not be listed" error={list.error} onRetry={list.retry} />;
    }
    if (full) return <NoMatch filter={filter} onShowAll={() => onFilter({ q: "", kind: null })} />;
    return folder ? <EmptyFolder action={emptyAction} /> : <NoFiles action={emptyAction} />;
  }
  const shared = { entries: list.entries, selection, selectable: true, full, stale: list.isStale, onNearEnd };
  if (columns !== null) return <EntryGrid {...shared} columns={columns} />;
  return <EntryTable {...shared} sort={filter.sort} onSort={(sort) => onFilter({ sort })} />;
}
