import { ActionIcon, Drawer, Group, Skeleton, Stack, Title, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Maximize2 } from "lucide-react";
import { ErrorView } from "@/components/ui/error-view";
import { shownName } from "@/lib/names";
import { fileQuery } from "../api/get-file";
import type { Dialog } from "../dialog";
import { type FileEntry, fileEntry } from "../entries";
import { useLightbox } from "../use-lightbox";
import { FileActions } from "./file-actions";
import { FileDetails } from "./file-details";
import { FilePreview } from "./file-preview";
import { UseThisFile } from "./use-this-file";

const ICON = { size: 18, strokeWidth: 1.75 } as const;

interface Props {
  id: string;
  /** The files of the list, in order: shown until the server answers, and to step through. */
  files: readonly FileEntry[];
  /** A dialog is open on top, and handles the keyboard. */
  covered: boolean;
  onOpen: (id: string) => void;
  onDialog: (dialog: Dialog) => void;
  onClose: () => void;
}

/** A file shown beside the list it belongs to. */
export default function PreviewDrawer({ id, files, covered, onOpen, onDialog, onClose }: Props) {
  const place = files.findIndex((entry) => entry.file.id === id);
  const known = files[place];
  const query = useQuery({ ...fileQuery(id), ...(known && { placeholderData: known.file }) });
  const file = query.data;
  const all = known ? files.map((entry) => entry.file) : file ? [file] : [];
  const lightbox = useLightbox({ files: all, current: id, onShow: onOpen });
  const step = (by: 1 | -1) => {
    const next = place < 0 ? undefined : files[place + by];
    if (next) onOpen(next.file.id);
  };
  const asleep = covered || lightbox.opened;
  return (
    <>
      <Drawer
        opened
        onClose={onClose}
        position="right"
        size={520}
        closeOnEscape={!asleep}
        trapFocus={!asleep}
        title={file ? shownName(file.name) : "File"}
        styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
        onKeyDown={(event) => {
          if (asleep || event.defaultPrevented || usesArrows(event.target)) return;
          const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : null;
          if (by) step(by);
        }}
      >
        {query.isError && !file && (
          <ErrorView
            title="Could not load this file"
            gone="This file no longer exists"
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
        {query.isPending && <DrawerSkeleton />}
        {file && (
          <Stack gap="md" key={file.id}>
            <Group gap="xs">
              <FileActions entry={fileEntry(file)} onDialog={onDialog} />
              <Tooltip label="Open full page">
                <ActionIcon
                  variant="default"
                  size={36}
                  aria-label="Open full page"
                  renderRoot={(props) => <Link to="/file/$id" params={{ id }} {...props} />}
                >
                  <Maximize2 size={16} strokeWidth={1.75} />
                </ActionIcon>
              </Tooltip>
              <Group gap={4} wrap="nowrap" ml="auto">
                <ActionIcon size={36} aria-label="Previous file" onClick={() => step(-1)}>
                  <ChevronLeft {...ICON} />
                </ActionIcon>
                <ActionIcon size={36} aria-label="Next file" onClick={() => step(1)}>
                  <ChevronRight {...ICON} />
                </ActionIcon>
              </Group>
            </Group>
            <FilePreview key={file.sha256} file={file} onZoom={lightbox.open} />
            <FileDetails file={file} />
            <Title order={3} size="h5" mb={-8}>
              Use this file
            </Title>
            <UseThisFile file={file} />
          </Stack>
        )}
      </Drawer>
      {lightbox.element}
    </>
  );
}

/** Whether the element uses the arrow keys itself, as players and wide tables do. */
function usesArrows(target: EventTarget): boolean {
  return target instanceof Element && target.closest("audio, video, input, [role=region]") !== null;
}

function DrawerSkeleton() {
  return (
    <Stack gap="md" role="status" aria-label="Loading the file">
      <Skeleton height={36} width={180} />
      <Skeleton height={220} radius="md" />
      {[1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={16} />
      ))}
    </Stack>
  );
}
