import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { ExternalLink } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { File } from "../api/list-files";
import { contentUrl } from "../download-url";
import { kindOf } from "../kinds";
import { previewOf } from "../preview";
import classes from "./file-preview.module.css";
import { TextPreview } from "./text-preview";

/** Shows what a browser can show of a file; of everything else it says what it is. */
export function FilePreview({ file }: { file: File }) {
  const [broken, setBroken] = useState(false);
  const address = contentUrl(file.id);
  const kind = previewOf(file);
  if (broken) return <NoPreview file={file} reason="The browser could not show it." />;
  switch (kind) {
    case "image":
      return <Picture key={file.sha256} address={address} name={file.name} onBroken={() => setBroken(true)} />;
    case "audio":
      return (
        <div className={classes.box}>
          <audio controls preload="metadata" src={address} onError={() => setBroken(true)} aria-label={file.name} />
        </div>
      );
    case "video":
      return (
        <div className={classes.box}>
          <video controls preload="metadata" src={address} onError={() => setBroken(true)} aria-label={file.name} />
        </div>
      );
    case "pdf":
      return (
        <NoPreview file={file} reason="The browser shows PDF documents in a tab of their own.">
          <Button
            component="a"
            href={address}
            target="_blank"
            rel="noreferrer"
            variant="default"
            leftSection={<ExternalLink size={16} strokeWidth={1.75} aria-hidden />}
          >
            Open in a new tab
          </Button>
        </NoPreview>
      );
    case "none":
      return <NoPreview file={file} reason="There is no preview for this type." />;
    default:
      return <TextPreview file={file} kind={kind} />;
  }
}

function Picture({ address, name, onBroken }: { address: string; name: string; onBroken: () => void }) {
  const [loaded, setLoaded] = useState(false);
  return (
    <div className={classes.box} data-picture>
      {!loaded && <Skeleton className={classes.wait} />}
      <img src={address} alt={name} onLoad={() => setLoaded(true)} onError={onBroken} />
    </div>
  );
}

function NoPreview({ file, reason, children }: { file: File; reason: string; children?: ReactNode }) {
  const Icon = kindOf(file.kind, file.media_type).icon;
  return (
    <div className={classes.box}>
      <Stack align="center" gap="xs" p="lg">
        <Icon size={40} strokeWidth={1.25} aria-hidden className={classes.icon} />
        <Text c="dimmed" ta="center">
          {reason}
        </Text>
        {children}
      </Stack>
    </div>
  );
}
