import type { UseQueryResult } from "@tanstack/react-query";
import { Files, Gauge, HardDrive, PieChart } from "lucide-react";
import { FileSize } from "@/components/ui/file-size";
import { StatCard } from "@/components/ui/stat-card";
import { StateBadge } from "@/components/ui/state-badge";
import { formatBytes, formatMilliseconds, formatQuantity } from "@/lib/format";
import type { StorageInfo } from "../api/storage-info";
import { storageTypeLabel } from "../candidate";
import { operationLabel, stateOf, usedPercent } from "../status";
import { UsedBar } from "./used-bar";

interface Props {
  query: UseQueryResult<StorageInfo>;
  to: string;
}

const LINK = "Storage";

export function StorageCard({ query, to }: Props) {
  const info = query.data;
  return (
    <StatCard
      title="Storage"
      icon={HardDrive}
      to={to}
      linkLabel={LINK}
      query={query}
      value={info ? storageTypeLabel(info.storage_type) : null}
      detail={
        info && (
          <>
            <div>{info.label}</div>
            <StateBadge tone={stateOf(info).tone}>{stateOf(info).label}</StateBadge>
          </>
        )
      }
    />
  );
}

export function SpaceCard({ query, to }: Props) {
  const info = query.data;
  const used = info ? usedPercent(info) : null;
  const known = info?.free_bytes ?? null;
  return (
    <StatCard
      title="Free space"
      icon={PieChart}
      to={to}
      linkLabel={LINK}
      query={query}
      value={info ? (known === null ? "Unknown" : formatBytes(known)) : null}
      detail={
        info &&
        (used === null ? (
          "The storage does not report its capacity."
        ) : (
          <UsedBar percent={used}>of {formatBytes(info.total_bytes ?? 0)}</UsedBar>
        ))
      }
    />
  );
}

export function FilesCard({ query, to }: Props) {
  const info = query.data;
  return (
    <StatCard
      title="Stored"
      icon={Files}
      to={to}
      linkLabel={LINK}
      query={query}
      value={info ? <FileSize bytes={info.bytes} /> : null}
      detail={
        info && (
          <>
            {formatQuantity(info.objects, "object")} in {formatQuantity(info.locations.length, "storage location")}
          </>
        )
      }
    />
  );
}

/** Reads and writes are what people wait for; of the others the storage page tells. */
export function LatencyCard({ query, to }: Props) {
  const info = query.data;
  const shown = info?.latency.filter(({ operation }) => operation === "get" || operation === "put") ?? [];
  const slowest = shown.length > 0 ? Math.max(...shown.map((latency) => latency.p95_ms)) : null;
  const value = slowest === null ? "No data" : formatMilliseconds(slowest);
  return (
    <StatCard
      title="Latency, 95th percentile"
      icon={Gauge}
      to={to}
      linkLabel={LINK}
      query={query}
      value={info ? value : null}
      detail={
        slowest === null
          ? "No reads or writes in the last few minutes."
          : shown.map(({ operation, p50_ms, p95_ms }) => (
              <div key={operation}>
                {operationLabel(operation)}: median {formatMilliseconds(p50_ms)}, 95th percentile{" "}
                {formatMilliseconds(p95_ms)}
              </div>
            ))
      }
    />
  );
}
