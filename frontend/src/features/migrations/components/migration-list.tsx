import { Anchor, Paper } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRightLeft } from "lucide-react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { FileSize } from "@/components/ui/file-size";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { formatCount } from "@/lib/format";
import { type Migration, migrationsQuery } from "../api/list-migrations";
import { countsOf, percentDone, STATES, toneOf } from "../state";

interface Props {
  /** The name of a location. */
  labelOf: (id: string) => string;
}

export function MigrationList({ labelOf }: Props) {
  const query = useQuery(migrationsQuery);
  if (query.isPending) return <RowsSkeleton label="Loading migrations" />;
  if (!query.data) {
    return <ErrorView title="Could not load migrations" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return <EmptyNote icon={ArrowRightLeft}>No migrations yet.</EmptyNote>;
  }
  return (
    <>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <Paper withBorder radius="lg" px="lg" py="xs" style={{ borderColor: "var(--app-border)" }}>
        <DataTable label="Migrations" columns={columnsOf(labelOf)} rows={query.data} rowKey={({ id }) => id} />
      </Paper>
    </>
  );
}

function columnsOf(labelOf: Props["labelOf"]): Column<Migration>[] {
  return [
    {
      header: "From and to",
      cell: ({ id, source, target }) => (
        <Anchor component={Link} to={`/admin/migrations/${id}`} c="var(--app-accent)">
          {labelOf(source)} to {labelOf(target)}
        </Anchor>
      ),
    },
    {
      header: "State",
      width: 136,
      cell: (migration) => <StateBadge tone={toneOf(migration)}>{STATES[migration.state].label}</StateBadge>,
    },
    { header: "Done", width: 72, numeric: true, cell: (migration) => `${percentDone(migration)} %` },
    { header: "Files", width: 104, numeric: true, cell: (migration) => formatCount(countsOf(migration).objects) },
    { header: "Size", width: 96, numeric: true, cell: (migration) => <FileSize bytes={countsOf(migration).bytes} /> },
    { header: "Failed", width: 88, numeric: true, cell: ({ failures }) => formatCount(failures) },
    {
      header: "Started",
      width: 128,
      cell: ({ started_at, created_at }) => <RelativeTime time={started_at ?? created_at} />,
    },
  ];
}
