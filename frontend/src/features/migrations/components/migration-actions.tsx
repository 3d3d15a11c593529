import { Button, Group, Stack } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { formatBytes } from "@/lib/format";
import { actsFor, type ActText } from "../acts";
import { useAct } from "../api/act-on-migration";
import type { Migration } from "../api/list-migrations";
import { hasManifest } from "../state";

/** What one can do with the migration; asks before what a click does not undo. */
export function MigrationActions({ migration }: { migration: Migration }) {
  const [asked, setAsked] = useState<ActText | null>(null);
  const [opened, setOpened] = useState(false);
  const act = useAct(migration.id, () => setOpened(false));
  const acts = actsFor(migration);
  const choose = (text: ActText) => {
    act.reset();
    if (text.question === null) {
      act.mutate(text.act);
    } else {
      setAsked(text);
      setOpened(true);
    }
  };
  if (acts.length === 0 && !hasManifest(migration)) return null;
  return (
    <Stack gap="sm">
      {!opened && <ProblemAlert error={act.error} />}
      <Group gap="xs">
        {acts.map((text) => (
          <Button
            key={text.act}
            variant="default"
            loading={act.isPending && act.variables === text.act && !opened}
            onClick={() => choose(text)}
          >
            {text.label}
          </Button>
        ))}
        {hasManifest(migration) && <ManifestButton id={migration.id} />}
      </Group>
      <ConfirmDialog
        opened={opened}
        title={asked?.question ?? ""}
        confirmLabel={asked?.label ?? ""}
        cancelLabel="Back"
        pending={act.isPending}
        error={act.error}
        onConfirm={() => asked && act.mutate(asked.act)}
        onClose={() => setOpened(false)}
      >
        {asked?.effect}
        {asked?.act === "rollback" && migration.bytes_per_second !== null && (
          <> The speed limit of {formatBytes(migration.bytes_per_second)}/s applies to the rollback too.</>
        )}
      </ConfirmDialog>
    </Stack>
  );
}

function ManifestButton({ id }: { id: string }) {
  return (
    <Button
      component="a"
      variant="default"
      href={`/api/admin/migrations/${encodeURIComponent(id)}/manifest`}
      download={`manifest-${id}.json`}
      leftSection={<Download size={16} strokeWidth={1.75} aria-hidden />}
    >
      Download manifest
    </Button>
  );
}
