import { Anchor, Button, Skeleton, Stack } from "@mantine/core";
import { patiently } from "@/lib/patiently";
import { ExternalLink } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ListedFile } from "@/components/listing/entries";
import { NoPreview } from "./no-preview";

const PdfView = lazy(patiently(() => import("./pdf-view")));
/** The page keeps the whole document in memory. */
const LARGEST = 64 * 1024 * 1024;

/** A PDF document in the page if the browser can show it, otherwise a link to it. */
export function PdfPreview({ file, address }: { file: ListedFile; address: string }) {
  const [broken, setBroken] = useState(false);
  const newTab = { component: "a", href: address, target: "_blank", rel: "noreferrer" } as const;
  if (broken || file.size > LARGEST || !navigator.pdfViewerEnabled) {
    return (
      <NoPreview file={file} reason="This document opens in a new tab.">
        <Button {...newTab} variant="default" leftSection={<ExternalLink size={16} strokeWidth={1.75} aria-hidden />}>
          Open in a new tab
        </Button>
      </NoPreview>
    );
  }
  return (
    <Stack gap={6}>
      <Suspense fallback={<Skeleton height="60vh" />}>
        <PdfView address={address} name={file.name} onBroken={() => setBroken(true)} />
      </Suspense>
      <Anchor {...newTab} size="sm">
        Open in a new tab
      </Anchor>
    </Stack>
  );
}
