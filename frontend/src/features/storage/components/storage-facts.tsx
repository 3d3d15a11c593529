import { Badge, Group, Text } from "@mantine/core";
import { Facts, type Fact } from "@/components/ui/facts";
import { FileSize } from "@/components/ui/file-size";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { formatBytes, formatQuantity } from "@/lib/format";
import type { StorageInfo } from "../api/storage-info";
import { storageTypeLabel } from "../candidate";
import { stateOf, usedPercent } from "../status";
import { UsedBar } from "./used-bar";

/** What the storage is, its state, and its features. */
export function StorageFacts({ info }: { info: StorageInfo }) {
  const { label, tone, text } = stateOf(info);
  return (
    <Section title="Status" description={text} action={<StateBadge tone={tone}>{label}</StateBadge>}>
      <Facts facts={factsOf(info)} />
    </Section>
  );
}

function factsOf(info: StorageInfo): Fact[] {
  const used = usedPercent(info);
  const addresses: (Fact | null)[] = [
    info.endpoint ? { label: "Endpoint", value: info.endpoint, code: true } : null,
    info.bucket ? { label: "Bucket", value: info.bucket, code: true } : null,
    info.region ? { label: "Region", value: info.region, code: true } : null,
    info.prefix ? { label: "Key prefix", value: info.prefix, code: true } : null,
    info.addressing ? { label: "Addressing", value: info.addressing } : null,
  ];
  return [
    { label: "Type", value: storageTypeLabel(info.storage_type) },
    { label: "Name", value: info.label },
    ...addresses.filter((fact) => fact !== null),
    { label: "Stored", value: <Stored info={info} /> },
    ...(used === null ? [] : [{ label: "Disk", value: <DiskSpace info={info} percent={used} /> }]),
    { label: "Features", value: <Capabilities of={info.capabilities} /> },
  ];
}

function Stored({ info }: { info: StorageInfo }) {
  return (
    <>
      <FileSize bytes={info.bytes} /> in {formatQuantity(info.objects, "object")}
    </>
  );
}

function DiskSpace({ info, percent }: { info: StorageInfo; percent: number }) {
  return (
    <UsedBar percent={percent}>
      {formatBytes(info.free_bytes ?? 0)} free of {formatBytes(info.total_bytes ?? 0)}
    </UsedBar>
  );
}

const CAPABILITIES: readonly (readonly [keyof StorageInfo["capabilities"], string])[] = [
  ["multipart", "Multipart uploads"],
  ["presigned_urls", "Presigned URLs"],
  ["server_side_copy", "Server-side copy"],
  ["local_files", "Local files"],
];

function Capabilities({ of }: { of: StorageInfo["capabilities"] }) {
  const names = CAPABILITIES.filter(([key]) => of[key]).map(([, label]) => label);
  if (names.length === 0) return <Text c="dimmed">No optional features</Text>;
  return (
    <Group gap={6}>
      {names.map((name) => (
        <Badge key={name} color="gray">
          {name}
        </Badge>
      ))}
    </Group>
  );
}
