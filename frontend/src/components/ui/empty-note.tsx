import { Stack, Text } from "@mantine/core";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** An empty state: one line, and what to do next. */
export function EmptyNote({
  icon: Icon,
  children,
  action,
}: {
  icon: LucideIcon;
  children: string;
  action?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py={32}>
      <Icon size={32} strokeWidth={1.5} aria-hidden color="var(--mantine-color-dimmed)" />
      <Text c="dimmed" ta="center">
        {children}
      </Text>
      {action}
    </Stack>
  );
}
