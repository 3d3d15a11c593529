import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type FileFilter, filesQuery, isFiltered } from "./api/list-files";
import { foldersQuery } from "./api/list-folders";
import { type Entry, fileEntry, folderEntry, sortFolders } from "./entries";

export interface Entries {
  entries: readonly Entry[];
  isPending: boolean;
  /** The rows are from the previous view; the new ones are loading. */
  isStale: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  loadAll: () => Promise<readonly Entry[]>;
  error: unknown;
  retry: () => void;
}

/** The folders and files of a folder, or the results of a search, page by page. */
export function useEntries(folder: string, filter: FileFilter): Entries {
  const filtered = isFiltered(filter);
  const folders = useInfiniteQuery({ ...foldersQuery(folder), enabled: !filtered });
  const files = useInfiniteQuery(filesQuery(folder, filter));
  const { hasNextPage: moreFolders, isFetching: fetchingFolders, isError, fetchNextPage: nextFolders } = folders;
  // a few pages at most; they can be sorted only when all are loaded
  useEffect(() => {
    if (moreFolders && !fetchingFolders && !isError) void nextFolders();
  }, [moreFolders, fetchingFolders, isError, nextFolders]);

  const entries = useMemo(() => {
    const found = filtered ? [] : (folders.data?.pages.flatMap((page) => page.items) ?? []);
    const listed = files.data?.pages.flatMap((page) => page.items) ?? [];
    return [...sortFolders(found, filter.sort).map(folderEntry), ...listed.map(fileEntry)];
  }, [filtered, folders.data, files.data, filter.sort]);

  const loadAll = async (): Promise<readonly Entry[]> => {
    let pages = files;
    while (pages.hasNextPage) pages = await pages.fetchNextPage();
    const listed = pages.data?.pages.flatMap((page) => page.items) ?? [];
    return [...entries.filter((entry) => entry.type === "folder"), ...listed.map(fileEntry)];
  };
  const retry = () => {
    if (folders.isError) void folders.refetch();
    if (files.isFetchNextPageError) void files.fetchNextPage();
    else if (files.isError) void files.refetch();
  };
  return {
    entries,
    isPending: files.isPending || (!filtered && folders.isPending),
    isStale: files.isPlaceholderData,
    hasMore: files.hasNextPage,
    isLoadingMore: files.isFetchingNextPage,
    loadMore: () => {
      if (files.hasNextPage && !files.isFetching && !files.isError) void files.fetchNextPage();
    },
    loadAll,
    error: (filtered ? null : folders.error) ?? files.error,
    retry,
  };
}
