import { Text } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./nav-item.module.css";

/** A named group of entries in the sidebar. */
export function NavGroup({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className={classes.group}>
      <Text id={id} size="xs" c="dimmed" fw={500} px={10} pb={4}>
        {label}
      </Text>
      {children}
    </div>
  );
}
