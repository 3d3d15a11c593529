import { useInfiniteQuery } from "@tanstack/react-query";
import { FolderOpen } from "lucide-react";
import type { ReactNode } from "react";
import { FolderBrowser, type FolderBrowserProps } from "@/components/browser/folder-browser";
import { useFolderPages } from "@/components/browser/use-folder-pages";
import { FileDetails } from "@/components/preview/file-details";
import { EmptyNote } from "@/components/ui/empty-note";
import { contentAddress } from "../addresses";
import { entriesQuery, type SharedFile } from "../api/list-entries";

type Own = "pages" | "previews" | "downloadUrl" | "onDownload" | "empty" | "details";

interface Props extends Omit<FolderBrowserProps<SharedFile>, Own> {
  shareId: string;
  /** Below the list: what the folder says of itself. */
  readme: (files: readonly SharedFile[]) => ReactNode;
}

/** The contents of a folder that somebody shares. */
export function SharedEntries({ shareId, readme, ...browser }: Props) {
  const pages = useFolderPages(useInfiniteQuery(entriesQuery(shareId, browser.folder, browser.sort)));
  return (
    <div>
      <FolderBrowser
        key={browser.folder}
        {...browser}
        pages={pages}
        previews
        downloadUrl={downloadUrl}
        empty={<EmptyNote icon={FolderOpen}>This folder is empty.</EmptyNote>}
        details={(file) => <FileDetails file={file} address={downloadUrl(file)} />}
      />
      {readme(pages.files)}
    </div>
  );
}

function downloadUrl({ id }: { id: string }): string {
  return `${contentAddress(id)}?download=1`;
}
