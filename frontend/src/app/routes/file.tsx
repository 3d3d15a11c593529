import { Group, SimpleGrid, Skeleton, Stack, Title, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Crumbs } from "@/components/layout/crumbs";
import { ErrorView } from "@/components/ui/error-view";
import { fileQuery } from "@/features/files/api/get-file";
import BrowserDialogs from "@/features/files/components/browser-dialogs";
import { FileActions } from "@/features/files/components/file-actions";
import { FileDetails } from "@/features/files/components/file-details";
import { FilePreview } from "@/features/files/components/file-preview";
import { FolderCrumbs } from "@/features/files/components/folder-crumbs";
import type { Dialog } from "@/features/files/dialog";
import { fileEntry } from "@/features/files/entries";
import { parentOf } from "@/features/files/paths";
import { shownName } from "@/lib/names";
import classes from "./file.module.css";

const route = getRouteApi("/signed-in/file/$id");

export function FilePage() {
  const { id } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(fileQuery(id));
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const file = query.data;
  if (!file) {
    if (query.isPending) return <FileSkeleton />;
    return (
      <>
        <VisuallyHidden component="h1">File</VisuallyHidden>
        <ErrorView title="This file could not be shown" error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  const folder = parentOf(file.path);
  const leave = () => {
    if (folder) void navigate({ to: "/files/$", params: { _splat: folder } });
    else void navigate({ to: "/files" });
  };
  return (
    <>
      <Crumbs>
        <FolderCrumbs folder={folder} file={file.name} />
      </Crumbs>
      <Stack gap="lg">
        <Group justify="space-between" gap="sm">
          <Title order={1} flex="1 1 240px" style={{ overflowWrap: "anywhere" }}>
            {shownName(file.name)}
          </Title>
          <Group gap={8} wrap="nowrap">
            <FileActions entry={fileEntry(file)} onDialog={setDialog} />
          </Group>
        </Group>
        <div className={classes.columns}>
          <section aria-label="Preview" className={classes.preview}>
            <FilePreview key={file.sha256} file={file} />
          </section>
          <section aria-label="Details">
            <FileDetails file={file} />
          </section>
        </div>
      </Stack>
      {dialog && (
        <BrowserDialogs
          dialog={dialog}
          onClose={() => setDialog(null)}
          onCreated={() => undefined}
          onMoved={() => undefined}
          onDeleted={(gone) => gone.length > 0 && leave()}
        />
      )}
    </>
  );
}

function FileSkeleton() {
  return (
    <Stack gap="lg" role="status" aria-label="The file is loading">
      <Group justify="space-between">
        <Skeleton height={28} width={240} />
        <Skeleton height={36} width={160} />
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Skeleton height={320} radius="md" />
        <Stack gap="sm">
          {[1, 2, 3, 4, 5, 6].map((line) => (
            <Skeleton key={line} height={28} />
          ))}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
