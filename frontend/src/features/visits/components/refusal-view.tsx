import { Stack, Text, Title } from "@mantine/core";
import { Ban, CalendarX2, CircleHelp, FileX, ListX, LogIn, type LucideIcon, UserX } from "lucide-react";
import type { ReactNode } from "react";
import { REFUSAL_WORDS, type RefusalKind } from "../refusal";

const ICONS: Record<keyof typeof REFUSAL_WORDS, LucideIcon> = {
  unknown: CircleHelp,
  expired: CalendarX2,
  revoked: Ban,
  "used-up": ListX,
  gone: FileX,
  "other-user": UserX,
  "sign-in": LogIn,
};

/** Why the link shows nothing, and what one can do. */
export function RefusalView({ kind, children }: { kind: Exclude<RefusalKind, "password">; children?: ReactNode }) {
  const Icon = ICONS[kind];
  const { title, text } = REFUSAL_WORDS[kind];
  return (
    <Stack align="center" gap="xs" py="sm">
      <Icon size={40} strokeWidth={1.5} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={1} ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw={420}>
        {text}
      </Text>
      {children}
    </Stack>
  );
}
