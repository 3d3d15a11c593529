import { Badge } from "@mantine/core";
import classes from "./state-badge.module.css";

export type Tone = "good" | "warning" | "bad" | "neutral";

/** A state in one word. The dot carries the colour, the word the meaning. */
export function StateBadge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <Badge color="gray" leftSection={<span className={classes.dot} data-tone={tone} aria-hidden />}>
      {children}
    </Badge>
  );
}
