import { Code, Paper, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { CopyButton } from "@/components/ui/copy-button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { ShowMore } from "@/components/ui/show-more";
import { StaleNote } from "@/components/ui/stale-note";
import { actionLabel } from "../actions";
import { type AuditRow, auditPagesQuery } from "../api/list-audit";
import type { AuditQuery } from "../filter";

export function AuditList({ query: wanted }: { query: AuditQuery }) {
  const query = useInfiniteQuery(auditPagesQuery(wanted));
  if (query.isPending) return <RowsSkeleton label="Loading the audit log" rows={8} />;
  if (!query.data) {
    return <ErrorView title="Could not load the audit log" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) return <EmptyNote icon={ScrollText}>No matching entries.</EmptyNote>;
  return (
    <Stack gap="md" aria-busy={query.isPlaceholderData}>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <Paper withBorder radius="lg" px="lg" py="xs" style={{ borderColor: "var(--app-border)" }}>
        <DataTable label="Audit log" columns={COLUMNS} rows={query.data} rowKey={({ id }) => id} />
      </Paper>
      <ShowMore query={query} label="Show older entries" />
    </Stack>
  );
}

const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

const COLUMNS: readonly Column<AuditRow>[] = [
  {
    header: "Time",
    width: 200,
    // on a phone the row's button is in the corner next to it
    cell: ({ at }) => (
      <time dateTime={at} style={{ paddingInlineEnd: 20 }}>
        {moment.format(new Date(at))}
      </time>
    ),
  },
  { header: "User", width: 140, cell: ({ actor }) => actor },
  { header: "Action", width: 180, cell: ({ action }) => actionLabel(action) },
  { header: "Target", cell: (row) => <Subject row={row} /> },
  { header: "IP address", width: 120, cell: ({ address }) => address && <Code>{address}</Code> },
  {
    header: "Request",
    width: 48,
    quiet: true,
    cell: ({ request_id: request }) => request && <CopyButton label={`Copy request ID ${request}`} value={request} />,
  },
];

function Subject({ row: { target, detail, owner, actor } }: { row: AuditRow }) {
  const more = [detail, owner !== null && owner !== actor && `owner: ${owner}`].filter(Boolean).join(" · ");
  if (target === null && more === "") return null;
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      {target}
      {more !== "" && (
        <Text size="xs" c="dimmed">
          {more}
        </Text>
      )}
    </div>
  );
}
