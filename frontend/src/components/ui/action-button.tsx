import { ActionIcon, Button } from "@mantine/core";
import type { LucideIcon } from "lucide-react";

interface Props {
  icon: LucideIcon;
  label: string;
  onClick: () => void;
}

/** A secondary action of a page: with its name where there is room, as an icon on a phone. */
export function ActionButton({ icon: Icon, label, onClick }: Props) {
  return (
    <>
      <Button
        variant="default"
        visibleFrom="xs"
        leftSection={<Icon size={16} strokeWidth={1.75} aria-hidden />}
        onClick={onClick}
      >
        {label}
      </Button>
      <ActionIcon variant="default" size={36} hiddenFrom="xs" aria-label={label} onClick={onClick}>
        <Icon size={16} strokeWidth={1.75} />
      </ActionIcon>
    </>
  );
}
