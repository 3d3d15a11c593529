import { Alert, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Facts } from "@/components/ui/facts";
import { Section } from "@/components/ui/section";
import { RelativeTime } from "@/components/ui/time";
import { formatCount, formatMilliseconds } from "@/lib/format";
import type { StorageInfo } from "../api/storage-info";
import { operationLabel } from "../status";

type Latency = StorageInfo["latency"][number];

const LATENCIES: readonly Column<Latency>[] = [
  { header: "Operation", cell: (latency) => operationLabel(latency.operation) },
  { header: "Count", width: 96, numeric: true, cell: (latency) => formatCount(latency.count) },
  { header: "Median", width: 96, numeric: true, cell: (latency) => formatMilliseconds(latency.p50_ms) },
  { header: "95th percentile", width: 128, numeric: true, cell: (latency) => formatMilliseconds(latency.p95_ms) },
];

export function LatencySection({ info }: { info: StorageInfo }) {
  const minutes = Math.round(info.latency_window_seconds / 60);
  return (
    <Section title="Latency" description={`Response times of the last ${minutes} minutes.`}>
      {info.latency.length === 0 ? (
        <Text c="dimmed">No requests in this time.</Text>
      ) : (
        <DataTable label="Latency" columns={LATENCIES} rows={info.latency} rowKey={(latency) => latency.operation} />
      )}
    </Section>
  );
}

export function LastError({ error }: { error: StorageInfo["last_error"] }) {
  if (!error) return null;
  return (
    <Alert
      color="yellow"
      icon={<TriangleAlert size={18} strokeWidth={1.75} />}
      title={`Last error: ${operationLabel(error.operation)} failed`}
    >
      <Text style={{ overflowWrap: "anywhere" }}>{error.message}</Text>
      <Text size="xs" c="dimmed" mt={4}>
        <RelativeTime time={error.at} /> · {error.code}
      </Text>
    </Alert>
  );
}

export function ConfigurationSection({ configuration }: { configuration: StorageInfo["configuration"] }) {
  const facts = Object.entries(configuration).map(([name, value]) => ({
    label: name,
    value: value === "" ? <Text c="dimmed">Not set</Text> : value,
    code: value !== "",
  }));
  return (
    <Section
      title="Configuration"
      description="The variables for this storage type, with their current values. Secrets are masked."
    >
      <Facts facts={facts} wide />
    </Section>
  );
}
