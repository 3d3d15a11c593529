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
import { environmentQuery } from "../api/list-variables";
import { useRestoreBackup } from "../api/restore-backup";
import { secondsToConfirm } from "../drafts";
import { DiffTable } from "./diff-table";
import { VariableNames } from "./variable-names";

interface Props {
  backup: Backup;
  onRestored: (applied: Applied) => void;
  onClose: () => void;
}

/** The file of now beside a backup, and the way back. */
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
          {query.isPending && <RowsSkeleton label="The comparison is loading" />}
          {query.error && !query.data && (
            <ErrorView
              title="The backup could not be compared"
              error={query.error}
              onRetry={() => void query.refetch()}
            />
          )}
          {equal && <Text>This is what the file says now.</Text>}
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
  const environment = useQuery(environmentQuery).data;
  const names = diff.variables.map(({ name }) => name);
  const seconds = environment ? secondsToConfirm(environment, names) : 0;
  return (
    <ConfirmDialog
      opened
      title={`Roll back ${backup.file}?`}
      confirmLabel="Roll back"
      pending={restore.isPending || !environment}
      error={restore.error}
      onConfirm={() => restore.mutate({ id: backup.id, version: diff.current_version, seconds }, { onError: onFailed })}
      onClose={onClose}
    >
      The file becomes what it was, byte by byte, and is applied
      {names.length > 0 && (
        <>
          ; this concerns <VariableNames names={names} />
        </>
      )}
      . The file of now is kept as a backup.
      {seconds > 0 && ` The storage is concerned: after ${seconds} seconds it is undone unless you keep it.`}
    </ConfirmDialog>
  );
}
