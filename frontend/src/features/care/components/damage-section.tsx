import { Anchor, Code, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { Section } from "@/components/ui/section";
import { StaleNote } from "@/components/ui/stale-note";
import { RelativeTime } from "@/components/ui/time";
import { type Damage, damagesQuery } from "../api/list-damages";
import { scrubsQuery } from "../api/list-scrubs";
import { findingsOf } from "../state";

interface Props {
  labelOf: (id: string) => string;
}

/** Damaged files that checks have found and that have not been repaired. */
export function DamageSection({ labelOf }: Props) {
  return (
    <Section
      title="Damaged files"
      description="Restore these files from a backup, then start another check. Files that pass are removed from this list."
    >
      <Damages labelOf={labelOf} />
    </Section>
  );
}

function Damages({ labelOf }: Props) {
  const query = useQuery(damagesQuery(findingsOf(useQuery(scrubsQuery).data ?? [])));
  if (query.isPending) return <RowsSkeleton label="Loading damaged files" rows={2} />;
  if (!query.data) {
    return (
      <ErrorView title="Could not load the damaged files" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  if (query.data.items.length === 0) return <EmptyNote icon={CircleCheck}>No damaged files found.</EmptyNote>;
  return (
    <>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <DataTable
        label="Damaged files"
        columns={columnsOf(labelOf)}
        rows={query.data.items}
        rowKey={({ object_id: id }) => id}
      />
      {query.data.more && (
        <Text size="sm" c="dimmed" mt="xs">
          Only the first {query.data.items.length} are shown.
        </Text>
      )}
    </>
  );
}

function columnsOf(labelOf: Props["labelOf"]): Column<Damage>[] {
  return [
    { header: "File", width: 220, cell: (damage) => <DamagedFile damage={damage} /> },
    { header: "Owner", width: 120, cell: ({ file }) => file?.owner },
    {
      header: "Location",
      cell: ({ location_id: location, key }) => (
        <div>
          {labelOf(location)} <Code>{key}</Code>
        </div>
      ),
    },
    { header: "Problem", cell: ({ reason }) => reason },
    { header: "Found", width: 120, cell: ({ found_at: at }) => <RelativeTime time={at} /> },
  ];
}

function DamagedFile({ damage: { file } }: { damage: Damage }) {
  if (file === null) return <Text c="dimmed">File since replaced or deleted</Text>;
  return (
    <Anchor component={Link} to={`/file/${file.id}`} c="var(--app-accent)">
      {file.path}
    </Anchor>
  );
}
