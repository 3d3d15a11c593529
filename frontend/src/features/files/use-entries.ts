import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type FileFilter, filesQuery, isSearch } from "./api/list-files";
import { foldersQuery } from "./api/list-folders";
import { fileEntry, folderEntry, sortFolders } from "@/components/listing/entries";
import type { Entry } from "./entries";

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
  const everywhere = isSearch(filter);
  const searched = everywhere && filter.kind === null;
  const withFolders = searched || !everywhere;
  const folders = useInfiniteQuery({
    ...(searched ? foldersQuery("", filter.q) : foldersQuery(folder)),
    enabled: withFolders,
  });
  const files = useInfiniteQuery(filesQuery(folder, filter));
  const { hasNextPage: moreFolders, isFetching: fetchingFolders, isError, fetchNextPage: nextFolders } = folders;
  // a few pages at most; they can be sorted only when all are loaded
  useEffect(() => {
    if (!everywhere && moreFolders && !fetchingFolders && !isError) void nextFolders();
  }, [everywhere, moreFolders, fetchingFolders, isError, nextFolders]);

  const entries = useMemo(() => {
    const found = withFolders ? (folders.data?.pages.flatMap((page) => page.items) ?? []) : [];
    const listed = files.data?.pages.flatMap((page) => page.items) ?? [];
    return [...sortFolders(found, filter.sort).map(folderEntry), ...listed.map(fileEntry)];
  }, [withFolders, folders.data, files.data, filter.sort]);

  const loadAll = async (): Promise<readonly Entry[]> => {
    let [found, pages] = [folders, files];
    while (withFolders && found.hasNextPage) found = await found.fetchNextPage();
    while (pages.hasNextPage) pages = await pages.fetchNextPage();
    const above = withFolders ? (found.data?.pages.flatMap((page) => page.items) ?? []) : [];
    const listed = pages.data?.pages.flatMap((page) => page.items) ?? [];
    return [...sortFolders(above, filter.sort).map(folderEntry), ...listed.map(fileEntry)];
  };
  const retry = () => {
    if (folders.isError) void folders.refetch();
    if (files.isFetchNextPageError) void files.fetchNextPage();
    else if (files.isError) void files.refetch();
  };
  return {
    entries,
    isPending: files.isPending || (withFolders && folders.isPending),
    isStale: files.isPlaceholderData,
    hasMore: files.hasNextPage || (searched && moreFolders),
    isLoadingMore: files.isFetchingNextPage,
    loadMore: () => {
      if (searched && moreFolders && !fetchingFolders && !isError) void nextFolders();
      if (files.hasNextPage && !files.isFetching && !files.isError) void files.fetchNextPage();
    },
    loadAll,
    error: (withFolders ? folders.error : null) ?? files.error,
    retry,
  };
}
