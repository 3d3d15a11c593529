import { Stack, Text, Title } from "@mantine/core";
import { File, Folder, Upload } from "lucide-react";
import { FileSize } from "@/components/ui/file-size";
import { formatAbsolute, formatQuantity, splitDisplayName } from "@/lib/format";
import { shownName } from "@/lib/names";
import type { Visit } from "../api/get-visit";
import classes from "./visit-header.module.css";

/** What it is, whose it is, and for how long. */
export function VisitHeader({ visit }: { visit: Visit }) {
  const Icon = visit.kind === "request" ? Upload : visit.kind === "folder" ? Folder : File;
  const owner = splitDisplayName(visit.owner)[0];
  const request = visit.kind === "request";
  return (
    <Stack gap="md">
      <div className={classes.head}>
        <span className={classes.icon} aria-hidden>
          <Icon size={24} strokeWidth={1.5} />
        </span>
        <Stack gap={2} miw={0}>
          <Title order={1} style={{ overflowWrap: "anywhere" }}>
            {request ? `Send files to ${owner}` : shownName(visit.name ?? "")}
          </Title>
          <Text c="dimmed" component="div">
            {visit.size !== null && (
              <>
                <FileSize bytes={visit.size} />
                {" · "}
              </>
            )}
            {request ? `They are uploaded to “${shownName(visit.name ?? "")}”` : `Shared by ${owner}`}
          </Text>
        </Stack>
      </div>
      {visit.note && <blockquote className={classes.note}>{visit.note}</blockquote>}
      <Text size="xs" c="dimmed" component="div">
        {visit.expires_at ? <>Works until {formatAbsolute(visit.expires_at)}</> : "Works until it is revoked"}
        {visit.downloads_left === 0
          ? " · Your download is not finished. If it is interrupted, you can resume it in this browser"
          : visit.downloads_left !== null &&
            ` · ${formatQuantity(visit.downloads_left, request ? "upload" : "download")} left`}
      </Text>
    </Stack>
  );
}
