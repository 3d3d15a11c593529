import { Anchor, Button, Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Folder, Inbox } from "lucide-react";
import { useState } from "react";
import { kindOf } from "@/components/listing/kinds";
import { Thumbnail } from "@/components/listing/thumbnail";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { RelativeTime } from "@/components/ui/time";
import { formatBytes, formatRelative, splitDisplayName } from "@/lib/format";
import { shownName } from "@/lib/names";
import { useRemoveShare } from "../api/change-shares";
import { type Share, withMeQuery } from "../api/list-shares";
import { rightLabel } from "../rights";
import classes from "./with-me-list.module.css";

/** What others share with the person who is signed in. */
export function WithMeList() {
  const query = useQuery(withMeQuery);
  const [leaving, setLeaving] = useState<Share | null>(null);
  if (query.isPending) return <RowsSkeleton label="Loading shares" rows={5} height={52} />;
  if (!query.data) {
    return <ErrorView title="Could not load shares" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return <EmptyNote icon={Inbox}>Nothing is shared with you yet.</EmptyNote>;
  }
  return (
    <>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <Paper withBorder radius="lg" px="lg" py="xs" style={{ borderColor: "var(--app-border)" }}>
        <DataTable
          label="Shared with me"
          columns={columnsWith(setLeaving)}
          rows={query.data}
          rowKey={(share) => share.id}
        />
      </Paper>
      <LeaveDialog share={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}

function columnsWith(onLeave: (share: Share) => void): Column<Share>[] {
  return [
    { header: "Name", lead: true, cell: (share) => <Name share={share} /> },
    { header: "Type", width: 112, cell: typeOf },
    { header: "Owner", width: 176, cell: ({ owner }) => splitDisplayName(owner.display_name)[0] },
    { header: "Permission", width: 128, cell: ({ right }) => rightLabel(right) },
    { header: "Shared", width: 144, cell: ({ created_at: time }) => <RelativeTime time={time} /> },
    {
      header: "Actions",
      width: 84,
      quiet: true,
      cell: (share) => (
        <Button variant="default" size="xs" aria-label={`Leave ${share.name}`} onClick={() => onLeave(share)}>
          Leave
        </Button>
      ),
    },
  ];
}

function typeOf({ file }: Share): string {
  return file ? kindOf(file.kind, file.media_type).label : "Folder";
}

function Name({ share }: { share: Share }) {
  return (
    <div className={classes.name}>
      <span className={classes.mark}>
        {share.file ? (
          <Thumbnail key={share.file.sha256} file={share.file} height={28} icon={18} whole={false} />
        ) : (
          <Folder size={18} strokeWidth={1.75} aria-hidden className={classes.folder} />
        )}
      </span>
      <div className={classes.lines}>
        <Anchor
          className={classes.link}
          renderRoot={(props) => <Link to="/shared/$id" params={{ id: share.id }} {...props} />}
        >
          {shownName(share.name)}
        </Anchor>
        {share.file && (
          <Text component="span" size="xs" c="dimmed">
            {formatBytes(share.file.size)} · Modified {formatRelative(share.file.modified_at)}
          </Text>
        )}
      </div>
    </div>
  );
}

function LeaveDialog({ share, onClose }: { share: Share | null; onClose: () => void }) {
  const leave = useRemoveShare(onClose);
  return (
    <ConfirmDialog
      opened={share !== null}
      title={`Leave ${share?.name ?? ""}?`}
      confirmLabel="Leave"
      cancelLabel="Keep"
      pending={leave.isPending}
      error={leave.error}
      onConfirm={() => share && leave.mutate(share.id)}
      onClose={() => {
        leave.reset();
        onClose();
      }}
    >
      You will no longer see it. {splitDisplayName(share?.owner.display_name ?? "")[0]} can share it with you again.
    </ConfirmDialog>
  );
}
