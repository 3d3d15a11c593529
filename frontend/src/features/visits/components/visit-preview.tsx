import { VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { patiently } from "@/lib/patiently";
import { type Visit, visitPreviewQuery } from "../api/get-visit";
import classes from "./visit-preview.module.css";

const CodeView = lazy(
  patiently(() => import("@/components/preview/code-view").then(({ CodeView: view }) => ({ default: view }))),
);
const ArchiveView = lazy(patiently(() => import("@/components/preview/archive-view")));
const MarkdownView = lazy(patiently(() => import("@/components/preview/markdown-view")));
const NotebookView = lazy(patiently(() => import("@/components/preview/notebook-view")));
const TableView = lazy(patiently(() => import("@/components/preview/table-view")));
const TensorsView = lazy(patiently(() => import("@/components/preview/tensors-view")));

/** What is in the file, as far as it can be shown without downloading it; nothing where it cannot. */
export function VisitPreview({ token, visit }: { token: string; visit: Visit }) {
  if (visit.thumbnail_url) return <Picture visit={visit} address={visit.thumbnail_url} />;
  return (
    visit.preview_url && (
      <section aria-label="Preview">
        <VisuallyHidden component="h2">Preview</VisuallyHidden>
        <VisitRead token={token} name={visit.name ?? ""} />
      </section>
    )
  );
}

function Picture({ visit: { name, image }, address }: { visit: Visit; address: string }) {
  const [broken, setBroken] = useState(false);
  if (broken) return null;
  return (
    <img
      className={classes.picture}
      src={address}
      alt={name ?? ""}
      width={image?.width}
      height={image?.height}
      style={image ? { aspectRatio: `${image.width} / ${image.height}` } : undefined}
      onError={() => setBroken(true)}
    />
  );
}

interface ReadProps {
  token: string;
  name: string;
}

/** What the server reads in the file of a link; nothing where it reads nothing. */
function VisitRead({ token, name }: ReadProps) {
  const [page, setPage] = useState(1);
  const { data: preview, isPending, isPlaceholderData: busy } = useQuery(visitPreviewQuery(token, page));
  if (isPending) return <RowsSkeleton label="Loading the preview" rows={4} />;
  // it is an extra: where it fails, the download is still there
  if (!preview || preview.kind === "none") return null;
  const paged = { name, busy, onPage: setPage };
  return (
    <Suspense fallback={<RowsSkeleton label="Loading the preview" rows={4} />}>
      {preview.kind === "table" && <TableView table={preview} {...paged} />}
      {preview.kind === "tensors" && <TensorsView tensors={preview} {...paged} />}
      {preview.kind === "archive" && <ArchiveView archive={preview} {...paged} />}
      {preview.kind === "notebook" && <NotebookView notebook={preview} name={name} />}
      {preview.kind === "text" &&
        (preview.language === "markdown" ? (
          <MarkdownView text={preview.text} label={`Text of ${name}`} />
        ) : (
          <CodeView text={preview.text} language={preview.language} label={`Text of ${name}`} />
        ))}
    </Suspense>
  );
}
