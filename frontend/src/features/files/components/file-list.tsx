import { Button, Center } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { type File, type FileFilter, filesQuery, type Sort } from "../api/list-files";
import { DeleteDialog } from "./delete-dialog";
import { FilesSkeleton, NoFiles, NoMatch } from "./file-states";
import { FileTable } from "./file-table";

interface Props {
  filter: FileFilter;
  onSort: (sort: Sort) => void;
  onShowAll: () => void;
  /** What the empty page offers to do. */
  emptyAction: ReactNode;
}

export function FileList({ filter, onSort, onShowAll, emptyAction }: Props) {
  const [doomed, setDoomed] = useState<File | null>(null);
  const query = useInfiniteQuery(filesQuery(filter));
  if (query.isPending) return <FilesSkeleton />;
  if (!query.data) {
    return <ErrorView title="The files could not be listed" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const files = query.data.pages.flatMap((page) => page.items);
  if (files.length === 0)
    return filter.q ? <NoMatch q={filter.q} onShowAll={onShowAll} /> : <NoFiles action={emptyAction} />;
  return (
    <>
      <FileTable
        files={files}
        sort={filter.sort}
        stale={query.isPlaceholderData}
        onSort={onSort}
        onDelete={setDoomed}
      />
      {query.isError && (
        <ErrorView
          title="The list could not be brought up to date"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.hasNextPage && !query.isError && (
        <Center mt="md">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </Center>
      )}
      <DeleteDialog file={doomed} onClose={() => setDoomed(null)} />
    </>
  );
}
