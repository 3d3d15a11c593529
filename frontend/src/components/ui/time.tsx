import { Tooltip } from "@mantine/core";
import { formatAbsolute, formatRelative } from "@/lib/format";

/** Relative, for reading; the absolute time in the tooltip and for machines. */
export function RelativeTime({ time }: { time: string }) {
  return (
    <Tooltip label={formatAbsolute(time)}>
      <time dateTime={time}>{formatRelative(time)}</time>
    </Tooltip>
  );
}
