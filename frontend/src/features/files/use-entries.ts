import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type FileFilter, filesQuery, isFiltered } from "./api/list-files";
import { foldersQuery } from "./api/list-folders";
import { fileEntry, folderEntry, sortFolders } from "@/components/listing/entries";
import type { Entry } from "./entries";

export interface Entries {
  entries: readonly Entry[];
  isPending: boolean;
  /** The rows belong to the view before; the new ones are on their way. */
  isStale: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  loadAll: () => Promise<readonly Entry[]>;
  error: unknown;
  retry: () => void;
}

/** A folder's folders and files, or what a search found in all of them, page after page. */
export function useEntries(folder: string, filter: FileFilter): Entries {
  const filtered = isFiltered(filter);
  const folders = useInfiniteQuery({ ...foldersQuery(folder), enabled: !filtered });
  const files = useInfiniteQuery(filesQuery(folder, filter));
  const { hasNextPage: moreFolders, isFetching: fetchingFolders, isError, fetchNextPage: nextFolders } = folders;
  // a few pages at most; only the whole of them can be put in order
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
