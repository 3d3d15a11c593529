import { Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { FolderOpen } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { FolderListing } from "@/components/ui/folder-listing";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { ShowMore } from "@/components/ui/show-more";
import { contentAddress } from "../addresses";
import { entriesQuery, type SharedFile } from "../api/list-entries";

interface Props {
  shareId: string;
  folder: string;
  onFolder: (folder: string) => void;
  onFile: (file: SharedFile) => void;
  /** What an empty folder offers to do. */
  emptyAction?: ReactNode;
}

/** The contents of a folder that somebody shares. */
export function SharedEntries({ shareId, folder, onFolder, onFile, emptyAction }: Props) {
  const query = useInfiniteQuery(entriesQuery(shareId, folder));
  if (query.isPending) return <RowsSkeleton label="Loading files" rows={5} />;
  if (!query.data) {
    return <ErrorView title="Could not load the folder" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const folders = query.data.pages.flatMap((page) => page.folders);
  const files = query.data.pages.flatMap((page) => page.items);
  if (folders.length + files.length === 0) {
    return (
      <EmptyNote icon={FolderOpen} action={emptyAction}>
        This folder is empty.
      </EmptyNote>
    );
  }
  return (
    <Stack gap="md">
      <FolderListing
        folders={folders}
        files={files}
        onFolder={onFolder}
        onFile={onFile}
        downloadUrl={({ id }) => `${contentAddress(id)}?download=1`}
      />
      <ShowMore query={query} />
    </Stack>
  );
}
