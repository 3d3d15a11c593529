import { Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "@/components/ui/data-table";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { Section } from "@/components/ui/section";
import { ShowMore } from "@/components/ui/show-more";
import { RelativeTime } from "@/components/ui/time";
import { formatCount } from "@/lib/format";
import { type Failure, failuresQuery } from "../api/list-failures";
import type { Migration } from "../api/list-migrations";

const COLUMNS: readonly Column<Failure>[] = [
  { header: "Object", width: 240, cell: ({ key }) => <code>{key}</code> },
  { header: "Reason", cell: ({ reason }) => reason },
  { header: "Code", width: 176, cell: ({ code }) => <code>{code}</code> },
  { header: "Attempts", width: 88, numeric: true, cell: ({ attempts }) => formatCount(attempts) },
  { header: "Last attempt", width: 112, cell: ({ at }) => <RelativeTime time={at} /> },
];

/** Objects that are still where they were, and why. */
export function FailureSection({ migration: { id, failures } }: { migration: Migration }) {
  return (
    <Section
      title="Failed files"
      description="Files that could not be moved stay where they are. Missing or damaged files are never copied."
    >
      {failures === 0 ? <Text c="dimmed">None.</Text> : <Failures id={id} count={failures} />}
    </Section>
  );
}

function Failures({ id, count }: { id: string; count: number }) {
  const query = useInfiniteQuery(failuresQuery(id, count));
  if (query.isPending) return <RowsSkeleton label="Loading failed files" />;
  if (!query.data) {
    return <ErrorView title="Could not load failed files" error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <Stack gap="sm">
      <DataTable label="Failed files" columns={COLUMNS} rows={query.data} rowKey={({ object_id }) => object_id} />
      <ShowMore query={query} />
    </Stack>
  );
}
