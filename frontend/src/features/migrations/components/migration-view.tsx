import { Alert, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { migrationQuery } from "../api/get-migration";
import type { Migration } from "../api/list-migrations";
import { isOpen } from "../state";
import { FailureSection } from "./failure-section";
import { LimitsSection } from "./limits-section";
import { MigrationFacts } from "./migration-facts";
import { ProgressSection } from "./progress-section";

interface Props {
  id: string;
  labelOf: (id: string) => string;
}

/** One migration as it happens. */
export function MigrationView({ id, labelOf }: Props) {
  const query = useQuery(migrationQuery(id));
  if (query.isPending) return <RowsSkeleton label="Loading the migration" rows={6} />;
  if (!query.data) {
    return <ErrorView title="Could not load the migration" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const migration = query.data;
  return (
    <Stack gap="md">
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <Waiting migration={migration} />
      <ProgressSection migration={migration} />
      <FailureSection migration={migration} />
      {isOpen(migration) && <LimitsSection migration={migration} />}
      <MigrationFacts migration={migration} labelOf={labelOf} />
    </Stack>
  );
}

function Waiting({ migration: { state, error } }: { migration: Migration }) {
  if (error === null) return null;
  const ended = state === "failed";
  return (
    <Alert
      role="alert"
      color={ended ? "red" : "yellow"}
      icon={<Hourglass size={18} strokeWidth={1.75} />}
      title={ended ? "The migration ended with an error" : "Waiting for a storage. It continues automatically"}
    >
      {error}
    </Alert>
  );
}
