import { lazy, type ReactNode, Suspense, useCallback } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { ApiError } from "@/lib/http";
import { patiently } from "@/lib/patiently";
import { type FileFilter, isFiltered } from "../api/list-files";
import type { Entries } from "../use-entries";
import type { SelectionState } from "@/components/listing/use-selection";
import { EntryTable } from "@/components/listing/entry-table";
import { EmptyFolder, FilesSkeleton, NoFiles, NoFolder, NoMatch } from "./file-states";

const EntryGrid = lazy(patiently(() => import("@/components/listing/entry-grid")));

interface Props {
  list: Entries;
  selection: SelectionState;
  folder: string;
  filter: FileFilter;
  full: boolean;
  /** The number of cards per row; null for the list view, 0 until it has been measured. */
  columns: number | null;
  onFilter: (change: Partial<FileFilter>) => void;
  emptyAction: ReactNode;
}

/** A list in any of its states: loading, failed, empty, rows or cards. */
export function BrowserContent({ list, selection, folder, filter, full, columns, onFilter, emptyAction }: Props) {
  const { loadMore } = list;
  const onNearEnd = useCallback(() => loadMore(), [loadMore]);
  const noMatch = <NoMatch filter={filter} onShowAll={() => onFilter({ q: "", kind: null })} />;
  if (list.isPending || columns === 0) return <FilesSkeleton grid={columns !== null} />;
  if (list.entries.length === 0) {
    if (list.error !== null) {
      if (list.error instanceof ApiError && list.error.status === 404) return <NoFolder />;
      return <ErrorView title="Could not load the files" error={list.error} onRetry={list.retry} />;
    }
    if (isFiltered(filter)) return noMatch;
    return folder ? <EmptyFolder action={emptyAction} /> : <NoFiles action={emptyAction} />;
  }
  const shared = { entries: list.entries, selection, selectable: true, full, stale: list.isStale, onNearEnd };
  return (
    <>
      {columns === null ? (
        <EntryTable {...shared} sort={filter.sort} onSort={(sort) => onFilter({ sort })} />
      ) : (
        <Suspense fallback={<FilesSkeleton grid />}>
          <EntryGrid {...shared} columns={columns} />
        </Suspense>
      )}
      {hasFoldersAlone(list, filter) && noMatch}
    </>
  );
}

/** Nothing is of the chosen type but folders, which always stay, are there. */
function hasFoldersAlone(list: Entries, filter: FileFilter): boolean {
  const ended = !list.hasMore && !list.isStale && list.error === null;
  return filter.kind !== null && ended && list.entries.every((entry) => entry.type === "folder");
}
