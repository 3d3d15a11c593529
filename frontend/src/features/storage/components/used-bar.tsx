import { Progress, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

const NEARLY_FULL_PERCENT = 90;

/** How full the disk is, below the words that say it. */
export function UsedBar({ percent, children }: { percent: number; children: ReactNode }) {
  return (
    <Stack gap={6} maw={360}>
      <Text>{children}</Text>
      <Progress
        value={percent}
        size="sm"
        aria-label={`Disk: ${percent} % in use`}
        color={percent >= NEARLY_FULL_PERCENT ? "red" : "indigo"}
      />
    </Stack>
  );
}
