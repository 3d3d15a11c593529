import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { formatAbsolute } from "@/lib/format";
import type { Applied } from "../api/apply-changes";
import { type BackupDiff, backupDiffQuery } from "../api/backup-diff";
import type { Backup } from "../api/list-backups";
import { useRestoreBackup } from "../api/restore-backup";
import { DiffTable } from "./diff-table";
import { VariableNames } from "./variable-names";

interface Props {
  backup: Backup;
  onRestored: (applied: Applied) => void;
  onClose: () => void;
}

/** The current file beside a backup, and the way back. */
export function BackupDialog({ backup, onRestored, onClose }: Props) {
  const query = useQuery(backupDiffQuery(backup.id));
  const [asked, setAsked] = useState(false);
  const equal = query.data?.current_version === backup.version;
  return (
    <>
      <Modal
        opened
        onClose={onClose}
        size="xl"
        title={`${backup.file} of ${formatAbsolute(backup.created_at)}`}
        styles={{ title: { fontWeight: 600 } }}
      >
        <Stack gap="md">
          {query.isPending && <RowsSkeleton label="Loading the comparison" />}
          {query.error && !query.data && (
            <ErrorView
              title="The backup could not be compared"
              error={query.error}
              onRetry={() => void query.refetch()}
            />
          )}
          {equal && <Text>The file is the same as this backup.</Text>}
          {query.data && !equal && <DiffTable lines={query.data.lines} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button disabled={!query.data || equal} onClick={() => setAsked(true)}>
              Roll back
            </Button>
          </Group>
        </Stack>
      </Modal>
      {asked && query.data && (
        <RollbackQuestion
          backup={backup}
          diff={query.data}
          onRestored={onRestored}
          onFailed={() => void query.refetch()}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}

interface QuestionProps extends Props {
  diff: BackupDiff;
  onFailed: () => void;
}

function RollbackQuestion({ backup, diff, onRestored, onFailed, onClose }: QuestionProps) {
  const restore = useRestoreBackup(onRestored);
  const names = diff.variables.map(({ name }) => name);
  const seconds = diff.confirm_seconds ?? 0;
  return (
    <ConfirmDialog
      opened
      title={`Roll back ${backup.file}?`}
      confirmLabel="Roll back"
      pending={restore.isPending}
      error={restore.error}
      onConfirm={() => restore.mutate({ id: backup.id, version: diff.current_version, seconds }, { onError: onFailed })}
      onClose={onClose}
    >
      The file is restored exactly as it was, and applied. The current file is kept as a backup.
      {names.length > 0 && (
        <>
          {" "}
          This changes <VariableNames names={names} />.
        </>
      )}
      {seconds > 0 &&
        ` It also changes how files are stored: it is undone automatically after ${seconds} seconds unless you keep it.`}
    </ConfirmDialog>
  );
}
