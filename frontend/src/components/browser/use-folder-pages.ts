import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Entry, fileEntry, folderEntry, type ListedFile, type ListedFolder } from "@/components/listing/entries";

/** One page of a folder: its folders come first, then its files, in the order that was asked for. */
export interface FolderPage<File extends ListedFile> {
  readonly folders: readonly ListedFolder[];
  readonly items: readonly File[];
}

export interface FolderPages<File extends ListedFile> {
  readonly entries: readonly Entry<File>[];
  readonly files: readonly File[];
  readonly isPending: boolean;
  /** The rows are those of another order; the new ones are being loaded. */
  readonly isStale: boolean;
  readonly hasMore: boolean;
  readonly error: unknown;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** The rows of a folder from the pages that were loaded. */
export function useFolderPages<File extends ListedFile>(
  query: UseInfiniteQueryResult<InfiniteData<FolderPage<File>>>,
): FolderPages<File> {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  const files = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const entries = useMemo(() => {
    const folders = data?.pages.flatMap((page) => page.folders) ?? [];
    return [...folders.map(folderEntry), ...files.map((file) => fileEntry(file))];
  }, [data, files]);
  return {
    entries,
    files,
    isPending: query.isPending,
    isStale: query.isPlaceholderData,
    hasMore: hasNextPage,
    error: query.error,
    loadMore: () => {
      if (hasNextPage && !isFetching && !isError) void fetchNextPage();
    },
    retry: () => void (query.isFetchNextPageError ? fetchNextPage() : query.refetch()),
  };
}
