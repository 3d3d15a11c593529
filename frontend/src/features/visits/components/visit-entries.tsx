import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight, Download, File, Folder, FolderOpen } from "lucide-react";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { PathText } from "@/components/ui/path-text";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { formatBytes, formatQuantity } from "@/lib/format";
import { memberAddress } from "../addresses";
import { visitEntriesQuery } from "../api/get-visit";
import classes from "./visit-entries.module.css";

interface Props {
  token: string;
  /** The name of the shared folder itself. */
  name: string;
  folder: string;
  onFolder: (folder: string) => void;
  onDownload: () => void;
}

/** What lies in a shared folder; one walks through it and takes single files. */
export function VisitEntries({ token, name, folder, onFolder, onDownload }: Props) {
  return (
    <Stack gap="xs">
      {folder && <Way name={name} folder={folder} onFolder={onFolder} />}
      <Entries key={folder} token={token} folder={folder} onFolder={onFolder} onDownload={onDownload} />
    </Stack>
  );
}

function Way({ name, folder, onFolder }: Pick<Props, "name" | "folder" | "onFolder">) {
  const parts = folder.split("/");
  const places = ["", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
  return (
    <nav aria-label="Folders">
      <ol className={classes.way}>
        {places.map((place, index) => (
          <li key={place} aria-current={place === folder ? "page" : undefined}>
            {index > 0 && <ChevronRight size={14} strokeWidth={1.75} aria-hidden />}
            {place === folder ? (
              <span>{parts[index - 1]}</span>
            ) : (
              <Anchor component="button" type="button" onClick={() => onFolder(place)}>
                {index === 0 ? name : parts[index - 1]}
              </Anchor>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Entries({ token, folder, onFolder, onDownload }: Omit<Props, "name">) {
  const query = useInfiniteQuery(visitEntriesQuery(token, folder));
  if (query.isPending) return <RowsSkeleton label="Files are loading" rows={4} />;
  if (!query.data) {
    return <ErrorView title="The folder could not be shown" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const folders = query.data.pages.flatMap((page) => page.folders);
  const files = query.data.pages.flatMap((page) => page.items);
  if (folders.length + files.length === 0) return <EmptyNote icon={FolderOpen}>This folder is empty.</EmptyNote>;
  return (
    <>
      <ul className={classes.list} aria-label="Files">
        {folders.map(({ name, path, files: count, bytes }) => (
          <li key={`folder:${path}`} className={classes.entry}>
            <Folder size={18} strokeWidth={1.75} aria-hidden className={classes.folder} />
            <button type="button" className={classes.name} onClick={() => onFolder(path)}>
              <PathText path={name} />
            </button>
            <Text component="span" size="xs" c="dimmed" className={classes.figures}>
              {formatQuantity(count, "file")} · {formatBytes(bytes)}
            </Text>
          </li>
        ))}
        {files.map(({ name, path, size }) => (
          <li key={`file:${path}`} className={classes.entry}>
            <File size={18} strokeWidth={1.75} aria-hidden className={classes.icon} />
            <a className={classes.name} href={memberAddress(token, path)} download={name} onClick={onDownload}>
              <PathText path={name} />
            </a>
            <Text component="span" size="xs" c="dimmed" className={classes.figures}>
              {formatBytes(size)}
            </Text>
            <a
              className={classes.button}
              href={memberAddress(token, path)}
              download={name}
              aria-label={`Download ${name}`}
              onClick={onDownload}
            >
              <Download size={16} strokeWidth={1.75} aria-hidden />
            </a>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </>
  );
}
