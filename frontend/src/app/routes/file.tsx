import { Button, Group, SimpleGrid, Skeleton, Stack, Title, VisuallyHidden } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Crumbs } from "@/components/layout/crumbs";
import { ErrorView } from "@/components/ui/error-view";
import { Section } from "@/components/ui/section";
import { fileQuery } from "@/features/files/api/get-file";
import type { File } from "@/features/files/api/list-files";
import { picturesQuery } from "@/features/files/api/list-pictures";
import BrowserDialogs from "@/features/files/components/browser-dialogs";
import { FileActions } from "@/features/files/components/file-actions";
import { FileDetails } from "@/components/preview/file-details";
import { FilePreview } from "@/components/preview/file-preview";
import { FolderCrumbs } from "@/features/files/components/folder-crumbs";
import { UseThisFile } from "@/features/files/components/use-this-file";
import type { Dialog } from "@/features/files/dialog";
import { downloadUrl } from "@/features/files/download-url";
import { useDoors } from "@/features/files/use-doors";
import { fileEntry } from "@/components/listing/entries";
import { parentOf } from "@/lib/paths";
import { neighbour } from "@/components/preview/picture-source";
import { viewOf } from "@/components/preview/view";
import { useLightbox } from "@/components/preview/use-lightbox";
import { shownName } from "@/lib/names";
import { patiently } from "@/lib/patiently";
import { useTitle } from "../title";
import classes from "./file.module.css";

const ShareDialog = lazy(patiently(() => import("./share-dialog")));

const route = getRouteApi("/signed-in/file/$id");

export function FilePage() {
  const { id } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(fileQuery(id));
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const file = query.data;
  useTitle(file ? shownName(file.name) : query.isError ? "File not found" : null);
  const { data: pictures = [] } = useQuery({ ...picturesQuery(parentOf(file?.path ?? "")), enabled: isPicture(file) });
  const show = (next: string) => void navigate({ to: "/file/$id", params: { id: next }, replace: true });
  const doors = useDoors();
  const lightbox = useLightbox({ files: pictures, doors, current: id, onShow: show });
  const [previous, next] = [neighbour(pictures, id, -1), neighbour(pictures, id, 1)];
  useWindowEvent("keydown", ({ key, target, defaultPrevented }) => {
    const to = key === "ArrowLeft" ? previous : key === "ArrowRight" ? next : undefined;
    const ours = target === document.body || (target instanceof Element && target.closest(`.${classes.preview}`));
    if (to && ours && !defaultPrevented && !dialog && !lightbox.opened) show(to.id);
  });
  if (!file) {
    if (query.isPending) return <FileSkeleton />;
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
            <VisuallyHidden component="h2">Preview</VisuallyHidden>
            <FilePreview key={file.sha256} file={file} doors={doors} onZoom={lightbox.open} />
            {pictures.length > 1 && <Neighbours previous={previous} next={next} onShow={show} />}
          </section>
          <div className={classes.about}>
            <section aria-label="Details">
              <FileDetails file={file} address={downloadUrl(file.id)} />
            </section>
            <Section title="Use this file">
              <UseThisFile file={file} />
            </Section>
          </div>
        </div>
      </Stack>
      {lightbox.element}
      {dialog && (
        <BrowserDialogs
          dialog={dialog}
          onClose={() => setDialog(null)}
          onCreated={() => undefined}
          onMoved={() => undefined}
          shareDialog={(entry, onClose) => (
            <Suspense>
              <ShareDialog entry={entry} onClose={onClose} />
            </Suspense>
          )}
          onDeleted={(gone) => gone.length > 0 && leave()}
        />
      )}
    </>
  );
}

function isPicture(file: File | undefined): boolean {
  return file !== undefined && viewOf(file) === "image";
}

interface NeighboursProps {
  previous: File | undefined;
  next: File | undefined;
  onShow: (id: string) => void;
}

/** The images before and after this one in its folder. */
function Neighbours({ previous, next, onShow }: NeighboursProps) {
  return (
    <Group justify="space-between" mt={8} wrap="nowrap">
      <Button
        variant="default"
        size="xs"
        leftSection={<ChevronLeft size={16} strokeWidth={1.75} aria-hidden />}
        disabled={!previous}
        title={previous && shownName(previous.name)}
        onClick={() => previous && onShow(previous.id)}
      >
        Previous image
      </Button>
      <Button
        variant="default"
        size="xs"
        rightSection={<ChevronRight size={16} strokeWidth={1.75} aria-hidden />}
        disabled={!next}
        title={next && shownName(next.name)}
        onClick={() => next && onShow(next.id)}
      >
        Next image
      </Button>
    </Group>
  );
}

function FileSkeleton() {
  return (
    <Stack gap="lg" role="status" aria-label="Loading the file">
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
