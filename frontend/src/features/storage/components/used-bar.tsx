import { Progress, Stack, Text } from "@mantine/core";
import { formatBytes } from "@/lib/format";
import type { StorageInfo } from "../api/storage-info";

const NEARLY_FULL_PERCENT = 90;

export function UsedBar({ info, percent }: { info: StorageInfo; percent: number }) {
  return (
    <Stack gap={6} maw={360}>
      <Text>
        {formatBytes(info.free_bytes ?? 0)} free of {formatBytes(info.total_bytes ?? 0)}
      </Text>
      <Progress
        value={percent}
        size="sm"
        aria-label={`Disk: ${percent} % in use`}
        color={percent >= NEARLY_FULL_PERCENT ? "red" : "indigo"}
      />
    </Stack>
  );
}
