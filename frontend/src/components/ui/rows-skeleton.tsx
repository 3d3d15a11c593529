import { Skeleton, Stack } from "@mantine/core";

const WIDTHS = ["62%", "48%", "71%", "55%", "66%", "44%"];

/** Placeholder rows while a list loads. */
export function RowsSkeleton({ label, rows = 4, height = 44 }: { label: string; rows?: number; height?: number }) {
  return (
    <Stack gap={0} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <Stack key={row} h={height} justify="center">
          <Skeleton height={12} width={WIDTHS[row % WIDTHS.length] ?? "60%"} />
        </Stack>
      ))}
    </Stack>
  );
}
