import { Modal, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { ShowMore } from "@/components/ui/show-more";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { formatBytes } from "@/lib/format";
import type { Link } from "../api/list-links";
import { type LinkUse, usesQuery } from "../api/list-uses";
import { targetName } from "../state";

/** Who used a link, when, from where, and how much of it went over. */
export function UsesDialog({ link, onClose }: { link: Link; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={`Uses of the link to ${targetName(link)}`}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
    >
      <Uses link={link} />
    </Modal>
  );
}

function Uses({ link }: { link: Link }) {
  const query = useInfiniteQuery(usesQuery(link.id));
  if (query.isPending) return <RowsSkeleton label="Loading uses" rows={3} />;
  if (!query.data) {
    return <ErrorView title="Could not load uses" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const uses = query.data.pages.flatMap((page) => page.items);
  if (uses.length === 0) return <EmptyNote icon={ScrollText}>Not used yet.</EmptyNote>;
  const folder = link.kind !== "file";
  return (
    <Stack gap="md">
      <DataTable
        label="Uses"
        columns={folder ? [COLUMNS.when, COLUMNS.who, COLUMNS.what, COLUMNS.bytes, COLUMNS.end] : PLAIN}
        rows={uses}
        rowKey={(use) => use.at + use.address + (use.path ?? "")}
      />
      <ShowMore query={query} />
    </Stack>
  );
}

const COLUMNS = {
  when: { header: "When", width: 128, cell: ({ at }: LinkUse) => <RelativeTime time={at} /> },
  who: { header: "Who", cell: (use: LinkUse) => <Who use={use} /> },
  what: { header: "File", cell: ({ path }: LinkUse) => path ?? "Everything (ZIP)" },
  bytes: { header: "Bytes", width: 160, numeric: true, cell: (use: LinkUse) => bytesOf(use) },
  end: { header: "Result", width: 120, cell: (use: LinkUse) => <Result use={use} /> },
} satisfies Record<string, Column<LinkUse>>;

const PLAIN = [COLUMNS.when, COLUMNS.who, COLUMNS.bytes, COLUMNS.end];

function Who({ use: { username, address } }: { use: LinkUse }) {
  return (
    <div>
      <Text component="div" lh={1.35}>
        {username ?? "Not signed in"}
      </Text>
      <Text component="div" size="xs" c="dimmed" lh={1.35}>
        {address}
      </Text>
    </div>
  );
}

function bytesOf({ bytes, size }: LinkUse): string {
  return size === null || size === bytes ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(size)}`;
}

function Result({ use: { complete } }: { use: LinkUse }) {
  return complete ? <StateBadge tone="good">Complete</StateBadge> : <StateBadge tone="warning">Partial</StateBadge>;
}
