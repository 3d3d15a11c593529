import { ActionIcon, Button, Menu, Stack, VisuallyHidden } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Ellipsis, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { type ChangeEvent, type ReactNode, useRef, useState } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { fileQuery } from "@/features/files/api/get-file";
import type { File } from "@/features/files/api/list-files";
import { DeleteDialog } from "@/features/files/components/delete-dialog";
import { FileDetails } from "@/components/preview/file-details";
import { FilePreview } from "@/components/preview/file-preview";
import { RenameDialog } from "@/features/files/components/rename-dialog";
import { downloadUrl } from "@/features/files/download-url";
import { useDoors } from "@/features/files/use-doors";
import { fileEntry } from "@/components/listing/entries";
import { useLightbox } from "@/components/preview/use-lightbox";
import { contentAddress } from "@/features/sharing/addresses";
import { entriesKey } from "@/features/sharing/api/list-entries";
import { contentOf } from "@/features/uploads/destination";
import { uploadQueue } from "@/features/uploads/queue";
import { shownName } from "@/lib/names";
import { useTitle } from "../title";
import classes from "./file.module.css";
import { SharedHeader } from "./shared-header";

const ICON = { size: 16, strokeWidth: 1.75 } as const;

interface Props {
  id: string;
  mayWrite: boolean;
  /** Files in a shared folder can be renamed and deleted; a file shared by itself can only be renamed by its owner. */
  inFolder: boolean;
  about: ReactNode;
  way: (name: string) => ReactNode;
  onGone: () => void;
}

export function SharedFile({ id, mayWrite, inFolder, about, way, onGone }: Props) {
  const query = useQuery(fileQuery(id));
  const file = query.data;
  useTitle(file ? shownName(file.name) : query.isError ? "File not found" : null);
  if (!file) {
    if (query.isPending) return <RowsSkeleton label="Loading the file" rows={6} />;
    return (
      <>
        <VisuallyHidden component="h1">File</VisuallyHidden>
        <ErrorView
          title="Could not load this file"
          gone="This file no longer exists"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </>
    );
  }
  return (
    <Stack gap="lg">
      <SharedHeader title={shownName(file.name)} about={about}>
        <Button
          component="a"
          href={downloadUrl(file.id)}
          download={file.name}
          leftSection={<Download {...ICON} aria-hidden />}
        >
          Download
        </Button>
        {mayWrite && <ReplaceButton file={file} />}
        {mayWrite && inFolder && <ArrangeMenu file={file} onGone={onGone} />}
      </SharedHeader>
      {way(shownName(file.name))}
      <div className={classes.columns}>
        <section aria-label="Preview" className={classes.preview}>
          <VisuallyHidden component="h2">Preview</VisuallyHidden>
          <SharedPreview key={file.sha256} file={file} />
        </section>
        <section aria-label="Details">
          <FileDetails file={file} address={downloadUrl(file.id)} />
        </section>
      </div>
    </Stack>
  );
}

/** A picture zooms alone: what lies beside it is not known here. */
function SharedPreview({ file }: { file: File }) {
  const doors = useDoors();
  const lightbox = useLightbox({ files: [file], doors, current: file.id, onShow: () => undefined });
  return (
    <>
      <FilePreview file={file} doors={doors} onZoom={lightbox.open} />
      {lightbox.element}
    </>
  );
}

function ReplaceButton({ file: { id, name, sha256 } }: { file: File }) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    const content = event.currentTarget.files?.[0];
    if (content) {
      const files = [{ path: name, file: content }];
      uploadQueue.add({ files, folders: [], unreadable: [] }, contentOf(sha256, contentAddress(id)));
    }
    event.currentTarget.value = "";
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<RefreshCw {...ICON} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        Replace
      </Button>
      <input ref={input} type="file" hidden onChange={chosen} aria-label="New content" />
    </>
  );
}

function ArrangeMenu({ file, onGone }: { file: File; onGone: () => void }) {
  const [asked, setAsked] = useState<"rename" | "delete" | null>(null);
  const queryClient = useQueryClient();
  const refresh = () => void queryClient.invalidateQueries({ queryKey: entriesKey });
  const close = () => setAsked(null);
  const entry = fileEntry(file);
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={160}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <Ellipsis {...ICON} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Pencil {...ICON} />} onClick={() => setAsked("rename")}>
            Rename
          </Menu.Item>
          <Menu.Item leftSection={<Trash2 {...ICON} />} onClick={() => setAsked("delete")}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === "rename" && <RenameDialog entry={entry} onRenamed={refresh} onClose={close} />}
      {asked === "delete" && (
        <DeleteDialog
          entries={[entry]}
          onDeleted={(gone) => {
            if (gone.length === 0) return;
            refresh();
            onGone();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
