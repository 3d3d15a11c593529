import { Skeleton, Stack, Text } from "@mantine/core";
import { patiently } from "@/lib/patiently";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, use, useState } from "react";
import { CodeView } from "./code-view";
import { PictureDoorContext } from "./pictures";
import { ErrorView } from "@/components/ui/error-view";
import { formatBytes } from "@/lib/format";
import type { ListedFile } from "@/components/listing/entries";
import type { PreviewDoors } from "./doors";
import { prettyJson } from "./view";
import { NoPreview } from "./no-preview";

const ArchiveView = lazy(patiently(() => import("./archive-view")));
const MarkdownView = lazy(patiently(() => import("./markdown-view")));
const NotebookView = lazy(patiently(() => import("./notebook-view")));
const TableView = lazy(patiently(() => import("./table-view")));
const TensorsView = lazy(patiently(() => import("./tensors-view")));

/** A preview made by the server: text, rows, tensors, or the reason why there is none. */
export function ReadPreview({ file, doors }: { file: ListedFile; doors: PreviewDoors }) {
  const [page, setPage] = useState(1);
  const query = useQuery({
    // a replaced file is read again
    queryKey: ["preview", doors.key, file.id, file.sha256, page],
    queryFn: ({ signal }) => doors.read(file, page, signal),
    staleTime: "static",
    // the rows of the page before stay until those of the next are there
    placeholderData: keepPreviousData,
  });
  const door = use(PictureDoorContext) ?? doors.picturesBeside(file);
  if (query.isPending) return <ReadSkeleton />;
  if (query.isError) {
    return <ErrorView title="Could not load the preview" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const preview = query.data;
  const paged = { name: file.name, busy: query.isPlaceholderData, onPage: setPage };
  return (
    <PictureDoorContext value={door}>
      <Suspense fallback={<ReadSkeleton />}>
        {preview.kind === "table" && <TableView table={preview} {...paged} />}
        {preview.kind === "tensors" && <TensorsView tensors={preview} {...paged} />}
        {preview.kind === "text" && <TextView file={file} {...preview} />}
        {preview.kind === "archive" && <ArchiveView archive={preview} {...paged} />}
        {preview.kind === "notebook" && <NotebookView notebook={preview} name={file.name} />}
        {preview.kind === "none" && <NoPreview file={file} reason={preview.reason} />}
      </Suspense>
    </PictureDoorContext>
  );
}

interface TextProps {
  file: ListedFile;
  text: string;
  language: string | null;
  encoding: string;
  truncated: boolean;
}

function TextView({ file, text, language, encoding, truncated }: TextProps) {
  if (text === "") return <Text c="dimmed">This file is empty.</Text>;
  const label = `Text of ${file.name}`;
  const notes = [
    truncated && `Only the beginning of this ${formatBytes(file.size)} file is shown; download it to see the rest`,
    encoding !== "utf-8" && `Text encoding: ${encoding.toUpperCase()}`,
  ].filter(Boolean);
  const shown = language === "json" && !truncated ? prettyJson(text) : text;
  return (
    <Stack gap={6}>
      {language === "markdown" ? (
        <MarkdownView text={text} label={label} />
      ) : (
        <CodeView text={shown} language={language} label={label} numbered />
      )}
      {notes.length > 0 && (
        <Text size="xs" c="dimmed">
          {notes.join(" · ")}.
        </Text>
      )}
    </Stack>
  );
}

function ReadSkeleton() {
  return (
    <Stack gap={10} p="md" mih={220} role="status" aria-label="Loading the preview">
      {[80, 64, 72, 40, 58].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} />
      ))}
    </Stack>
  );
}
