import { ActionIcon, Title, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Maximize2 } from "lucide-react";
import { fileEntry } from "@/components/listing/entries";
import { FileDetails } from "@/components/preview/file-details";
import FileDrawer from "@/components/preview/file-drawer";
import { fileQuery } from "../api/get-file";
import type { Dialog } from "../dialog";
import { downloadUrl } from "../download-url";
import type { FileEntry } from "../entries";
import { useDoors } from "../use-doors";
import { FileActions } from "./file-actions";
import { UseThisFile } from "./use-this-file";

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
  const known = files.find((entry) => entry.file.id === id);
  const query = useQuery({ ...fileQuery(id), ...(known && { placeholderData: known.file }) });
  const file = query.data;
  return (
    <FileDrawer
      id={id}
      file={file}
      error={query.error}
      onRetry={() => void query.refetch()}
      files={files.map((entry) => entry.file)}
      doors={useDoors()}
      covered={covered}
      onOpen={onOpen}
      onClose={onClose}
      actions={
        file && (
          <>
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
          </>
        )
      }
    >
      {file && (
        <>
          <FileDetails file={file} address={downloadUrl(file.id)} />
          <Title order={3} size="h5" mb={-8}>
            Use this file
          </Title>
          <UseThisFile file={file} />
        </>
      )}
    </FileDrawer>
  );
}
