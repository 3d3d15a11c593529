import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Archive } from "lucide-react";
import { useState } from "react";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { RelativeTime } from "@/components/ui/time";
import { formatAbsolute, formatBytes } from "@/lib/format";
import type { Applied } from "../api/apply-changes";
import { type Backup, backupsQuery } from "../api/list-backups";
import { BackupDialog } from "./backup-dialog";
import classes from "@/components/ui/entry-list.module.css";

export function BackupList({ onRestored }: { onRestored: (applied: Applied) => void }) {
  const query = useQuery(backupsQuery);
  const [shown, setShown] = useState<Backup | null>(null);
  if (query.isPending) return <RowsSkeleton label="Loading backups" height={60} />;
  if (!query.data) {
    return <ErrorView title="Could not load backups" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return <EmptyNote icon={Archive}>No backups yet. One is made before each change.</EmptyNote>;
  }
  return (
    <>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <ul className={classes.list} aria-label="Backups">
        {query.data.map((backup) => (
          <BackupEntry key={backup.id} backup={backup} onCompare={setShown} />
        ))}
      </ul>
      {shown && (
        <BackupDialog
          backup={shown}
          onRestored={(applied) => {
            setShown(null);
            onRestored(applied);
          }}
          onClose={() => setShown(null)}
        />
      )}
    </>
  );
}

function BackupEntry({ backup, onCompare }: { backup: Backup; onCompare: (backup: Backup) => void }) {
  const made = formatAbsolute(backup.created_at);
  return (
    <li className={classes.entry}>
      <div className={classes.lines}>
        <Text component="span" fw={500}>
          {backup.file} as of {made}
        </Text>
        <Text component="span" size="xs" c="dimmed">
          <RelativeTime time={backup.created_at} /> · {formatBytes(backup.size)}
        </Text>
      </div>
      <Button
        variant="default"
        size="xs"
        aria-label={`Compare ${backup.file} of ${made}`}
        onClick={() => onCompare(backup)}
      >
        Compare
      </Button>
    </li>
  );
}
