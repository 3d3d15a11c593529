import { Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { FolderOpen } from "lucide-react";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { FolderListing } from "@/components/ui/folder-listing";
import { FolderWay } from "@/components/ui/folder-way";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { ShowMore } from "@/components/ui/show-more";
import { memberAddress } from "../addresses";
import { visitEntriesQuery } from "../api/get-visit";
import { VisitReadme } from "./visit-readme";

interface Props {
  token: string;
  /** The name of the shared folder itself. */
  name: string;
  folder: string;
  onFolder: (folder: string) => void;
  onDownload: () => void;
}

/** The contents of a shared folder: folders to open, files to download. */
export function VisitEntries({ name, ...rest }: Props) {
  const { folder, onFolder } = rest;
  return (
    <Stack gap="xs">
      {folder && <FolderWay top={name} folder={folder} onFolder={onFolder} />}
      <Entries {...rest} />
    </Stack>
  );
}

function Entries({ token, folder, onFolder, onDownload }: Omit<Props, "name">) {
  const query = useInfiniteQuery(visitEntriesQuery(token, folder));
  if (query.isPending) return <RowsSkeleton label="Loading files" rows={4} />;
  if (!query.data) {
    return <ErrorView title="Could not load the folder" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const folders = query.data.pages.flatMap((page) => page.folders);
  const files = query.data.pages.flatMap((page) => page.items);
  if (folders.length + files.length === 0) return <EmptyNote icon={FolderOpen}>This folder is empty.</EmptyNote>;
  return (
    <>
      <FolderListing
        folders={folders}
        files={files}
        onFolder={onFolder}
        downloadUrl={({ path }) => memberAddress(token, path)}
        onDownload={onDownload}
      />
      <ShowMore query={query} />
      <VisitReadme token={token} folder={folder} files={files} />
    </>
  );
}
