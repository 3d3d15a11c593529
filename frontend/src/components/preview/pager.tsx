import { ActionIcon, Group, Text } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  /** The items on a page: "rows", "tensors". */
  what: string;
  page: number;
  pages: number | null;
  more: boolean;
  onPage: (page: number) => void;
  /** Which items are shown, of how many. */
  children: ReactNode;
}

/** Below a paged preview: which part is shown, and buttons for the next and previous page. */
export function Pager({ what, page, pages, more, onPage, children }: Props) {
  return (
    <Group justify="space-between" gap="xs" mih={32}>
      <Text size="xs" c="dimmed" aria-live="polite" flex="1 1 160px">
        {children}
      </Text>
      {(page > 1 || more) && (
        <Group gap={4} wrap="nowrap">
          <ActionIcon aria-label={`Previous ${what}`} disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <ChevronLeft size={18} strokeWidth={1.75} />
          </ActionIcon>
          <Text size="xs" style={{ fontVariantNumeric: "tabular-nums" }}>
            Page {page.toLocaleString("en")}
            {pages !== null && ` of ${pages.toLocaleString("en")}`}
          </Text>
          <ActionIcon aria-label={`Next ${what}`} disabled={!more} onClick={() => onPage(page + 1)}>
            <ChevronRight size={18} strokeWidth={1.75} />
          </ActionIcon>
        </Group>
      )}
    </Group>
  );
}
