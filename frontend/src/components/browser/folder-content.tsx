import { lazy, type ReactNode, Suspense, useCallback } from "react";
import type { ListedFile } from "@/components/listing/entries";
import { EntryTable } from "@/components/listing/entry-table";
import type { Sort } from "@/components/listing/sort";
import type { SelectionState } from "@/components/listing/use-selection";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { patiently } from "@/lib/patiently";
import type { FolderPages } from "./use-folder-pages";

const EntryGrid = lazy(patiently(() => import("@/components/listing/entry-grid")));

interface Props<File extends ListedFile> {
  pages: FolderPages<File>;
  selection: SelectionState;
  sort: Sort;
  /** Cards per row; null for the list, 0 while it is being measured. */
  columns: number | null;
  empty: ReactNode;
  onSort: (sort: Sort) => void;
}

/** Loading, failed, empty, rows or cards. */
export function FolderContent<File extends ListedFile>(props: Props<File>) {
  const { pages, selection, sort, columns, empty, onSort } = props;
  const { entries, loadMore, error } = pages;
  const onNearEnd = useCallback(() => loadMore(), [loadMore]);
  if (pages.isPending || columns === 0) return <RowsSkeleton label="Loading files" rows={5} />;
  if (entries.length === 0) {
    if (error !== null) return <ErrorView title="Could not load this folder" error={error} onRetry={pages.retry} />;
    return empty;
  }
  const shared = { entries, selection, selectable: false, full: false, stale: pages.isStale, onNearEnd };
  return (
    <>
      {columns === null ? (
        <EntryTable {...shared} sort={sort} onSort={onSort} />
      ) : (
        <Suspense fallback={<RowsSkeleton label="Loading files" rows={5} />}>
          <EntryGrid {...shared} columns={columns} />
        </Suspense>
      )}
      {error !== null && <ErrorView title="Could not load the rest of the list" error={error} onRetry={pages.retry} />}
    </>
  );
}
