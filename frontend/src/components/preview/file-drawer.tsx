import { ActionIcon, Drawer, Group, Skeleton, Stack } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { ListedFile } from "@/components/listing/entries";
import { ErrorView } from "@/components/ui/error-view";
import { shownName } from "@/lib/names";
import type { PreviewDoors } from "./doors";
import { FilePreview } from "./file-preview";
import { useLightbox } from "./use-lightbox";

const ICON = { size: 18, strokeWidth: 1.75 } as const;

interface Props {
  id: string;
  /** Undefined until something is known of it. */
  file: ListedFile | undefined;
  error: unknown;
  onRetry: () => void;
  /** The files of the list, in order, to step through. */
  files: readonly ListedFile[];
  doors: PreviewDoors;
  /** A dialog is open on top, and handles the keyboard. */
  covered: boolean;
  onOpen: (id: string) => void;
  onClose: () => void;
  /** Buttons above the preview. */
  actions: ReactNode;
  /** Below the preview. */
  children: ReactNode;
}

/** A file shown beside the list it belongs to. */
export default function FileDrawer(props: Props) {
  const { id, file, error, onRetry, files, doors, covered, onOpen, onClose, actions, children } = props;
  const place = files.findIndex((one) => one.id === id);
  const all = place >= 0 ? files : file ? [file] : [];
  const lightbox = useLightbox({ files: all, doors, current: id, onShow: onOpen });
  const step = (by: 1 | -1) => {
    const next = place < 0 ? undefined : files[place + by];
    if (next) onOpen(next.id);
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
        {file ? (
          <Stack gap="md" key={file.id}>
            <Group gap="xs">
              {actions}
              <Group gap={4} wrap="nowrap" ml="auto">
                <ActionIcon size={36} aria-label="Previous file" onClick={() => step(-1)}>
                  <ChevronLeft {...ICON} />
                </ActionIcon>
                <ActionIcon size={36} aria-label="Next file" onClick={() => step(1)}>
                  <ChevronRight {...ICON} />
                </ActionIcon>
              </Group>
            </Group>
            <FilePreview key={file.sha256} file={file} doors={doors} onZoom={lightbox.open} />
            {children}
          </Stack>
        ) : error !== null ? (
          <ErrorView
            title="Could not load this file"
            gone="This file no longer exists"
            error={error}
            onRetry={onRetry}
          />
        ) : (
          <DrawerSkeleton />
        )}
      </Drawer>
      {lightbox.element}
    </>
  );
}

/** Players seek by the arrow keys, and wide tables scroll. */
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
