import { ActionIcon, Drawer, Group, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Maximize2 } from "lucide-react";
import { ErrorView } from "@/components/ui/error-view";
import { shownName } from "@/lib/names";
import { fileQuery } from "../api/get-file";
import type { Dialog } from "../dialog";
import { type FileEntry, fileEntry } from "../entries";
import { FileActions } from "./file-actions";
import { FileDetails } from "./file-details";
import { FilePreview } from "./file-preview";

const ICON = { size: 18, strokeWidth: 1.75 } as const;

interface Props {
  id: string;
  /** As the list knows it, shown until the service has answered. */
  known: FileEntry | undefined;
  /** A dialog lies above: its keys are its own. */
  covered: boolean;
  onStep: (step: 1 | -1) => void;
  onDialog: (dialog: Dialog) => void;
  onClose: () => void;
}

/** A file beside the list that it stands in. */
export default function PreviewDrawer({ id, known, covered, onStep, onDialog, onClose }: Props) {
  const query = useQuery({ ...fileQuery(id), ...(known && { placeholderData: known.file }) });
  const file = query.data;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      closeOnEscape={!covered}
      trapFocus={!covered}
      title={file ? shownName(file.name) : "File"}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
      onKeyDown={(event) => {
        if (covered || event.target instanceof HTMLMediaElement) return;
        const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : null;
        if (step) onStep(step);
      }}
    >
      {query.isError && !file && (
        <ErrorView title="The file could not be shown" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <DrawerSkeleton />}
      {file && (
        <Stack gap="md" key={file.id}>
          <Group gap="xs">
            <FileActions entry={fileEntry(file)} onDialog={onDialog} />
            <Tooltip label="Open page">
              <ActionIcon
                variant="default"
                size={36}
                aria-label="Open page"
                renderRoot={(props) => <Link to="/file/$id" params={{ id }} {...props} />}
              >
                <Maximize2 size={16} strokeWidth={1.75} />
              </ActionIcon>
            </Tooltip>
            <Text flex={1} />
            <ActionIcon size={36} aria-label="Previous file" onClick={() => onStep(-1)}>
              <ChevronLeft {...ICON} />
            </ActionIcon>
            <ActionIcon size={36} aria-label="Next file" onClick={() => onStep(1)}>
              <ChevronRight {...ICON} />
            </ActionIcon>
          </Group>
          <FilePreview file={file} />
          <FileDetails file={file} />
        </Stack>
      )}
    </Drawer>
  );
}

function DrawerSkeleton() {
  return (
    <Stack gap="md" role="status" aria-label="The file is loading">
      <Skeleton height={36} width={180} />
      <Skeleton height={220} radius="md" />
      {[1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={16} />
      ))}
    </Stack>
  );
}
