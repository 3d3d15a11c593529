import { Tooltip } from "@mantine/core";
import { formatBytes, formatExactBytes } from "@/lib/format";

export function FileSize({ bytes }: { bytes: number }) {
  return (
    <Tooltip label={formatExactBytes(bytes)}>
      <span>{formatBytes(bytes)}</span>
    </Tooltip>
  );
}
