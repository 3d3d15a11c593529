import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { ListedFile } from "@/components/listing/entries";
import { kindOf } from "@/components/listing/kinds";
import classes from "./file-preview.module.css";

/** Shown instead of a preview: the kind of file, and why there is no preview. */
export function NoPreview({
  file,
  reason,
  children,
}: {
  file: Pick<ListedFile, "kind" | "media_type">;
  reason: string;
  children?: ReactNode;
}) {
  const Icon = kindOf(file.kind, file.media_type).icon;
  return (
    <div className={classes.box}>
      <Stack align="center" gap="xs" p="lg">
        <Icon size={40} strokeWidth={1.25} aria-hidden className={classes.icon} />
        <Text c="dimmed" ta="center" style={{ overflowWrap: "anywhere" }}>
          {reason}
        </Text>
        {children}
      </Stack>
    </div>
  );
}
