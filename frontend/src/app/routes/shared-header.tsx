import { Group, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** Whose it is and what one may do. */
  about: ReactNode;
  /** Buttons. */
  children: ReactNode;
}

/** The top of a page about something that somebody else shares. */
export function SharedHeader({ title, about, children }: Props) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={4} flex="1 1 240px" miw={0}>
        <Title order={1} style={{ overflowWrap: "anywhere" }}>
          {title}
        </Title>
        {about}
      </Stack>
      <Group gap={8}>{children}</Group>
    </Group>
  );
}
