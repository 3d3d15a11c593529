import { Button, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, FolderOpen } from "lucide-react";
import { lazy, Suspense, useCallback } from "react";
import { FolderBrowser, type FolderBrowserProps } from "@/components/browser/folder-browser";
import { useFolderPages } from "@/components/browser/use-folder-pages";
import { FileDetails } from "@/components/preview/file-details";
import { EmptyNote } from "@/components/ui/empty-note";
import { FolderWay } from "@/components/ui/folder-way";
import { patiently } from "@/lib/patiently";
import { readmeOf } from "@/lib/readme";
import { memberAddress, memberDownload } from "../addresses";
import { visitEntriesQuery, type VisitedFile } from "../api/get-visit";
import { useDoors } from "../use-doors";
import classes from "./visit-entries.module.css";

const FolderReadme = lazy(patiently(() => import("@/components/preview/folder-readme")));

type Passed = "folder" | "sort" | "view" | "open" | "previews" | "addressOf" | "onShow" | "onFolder" | "title";

interface Props extends Pick<FolderBrowserProps<VisitedFile>, Passed> {
  token: string;
  /** The name of the shared folder itself. */
  name: string;
  onDownload: () => void;
}

/** The contents of a shared folder, to look at and to download. */
export function VisitEntries({ token, name, ...browser }: Props) {
  const { folder, sort, previews, onFolder, onDownload } = browser;
  const pages = useFolderPages(useInfiniteQuery(visitEntriesQuery(token, folder, sort)));
  const doors = useDoors(token);
  const downloadUrl = useCallback(({ path }: { path: string }) => memberDownload(token, path), [token]);
  const readme = previews ? readmeOf(pages.files) : undefined;
  return (
    <Stack gap="xs" className={classes.listing}>
      {folder && <FolderWay top={name} folder={folder} onFolder={onFolder} />}
      <div>
        <FolderBrowser
          key={folder}
          {...browser}
          pages={pages}
          doors={doors}
          downloadUrl={downloadUrl}
          empty={<EmptyNote icon={FolderOpen}>This folder is empty.</EmptyNote>}
          drawerActions={(file) => <DownloadButton address={downloadUrl(file)} onDownload={onDownload} />}
          details={(file) => <Details file={file} address={memberAddress(token, file.path)} />}
        />
        <Suspense>{readme && <FolderReadme file={readme} doors={doors} />}</Suspense>
      </div>
    </Stack>
  );
}

function DownloadButton({ address, onDownload }: { address: string; onDownload: () => void }) {
  return (
    <Button
      component="a"
      href={address}
      download
      leftSection={<Download size={16} strokeWidth={1.75} aria-hidden />}
      onClick={onDownload}
    >
      Download
    </Button>
  );
}

/** Visitors are not told digests; what stands in for one is no use to them. */
function Details({ file, address }: { file: VisitedFile; address: string }) {
  return <FileDetails file={{ ...file, sha256: undefined }} address={address} />;
}
