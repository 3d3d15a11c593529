import { ActionIcon, Button } from "@mantine/core";
import type { LucideIcon } from "lucide-react";

type Props = { icon: LucideIcon; label: string } & ({ onClick: () => void } | { href: string });

/** A secondary action of a page, or a download: a labelled button, or only an icon on a phone. */
export function ActionButton({ icon: Icon, label, ...rest }: Props) {
  const act = "href" in rest ? ({ component: "a", href: rest.href, download: true } as const) : rest;
  return (
    <>
      <Button
        variant="default"
        visibleFrom="xs"
        leftSection={<Icon size={16} strokeWidth={1.75} aria-hidden />}
        {...act}
      >
        {label}
      </Button>
      <ActionIcon variant="default" size={36} hiddenFrom="xs" aria-label={label} {...act}>
        <Icon size={16} strokeWidth={1.75} />
      </ActionIcon>
    </>
  );
}
