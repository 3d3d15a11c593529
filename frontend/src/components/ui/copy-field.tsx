import { Text } from "@mantine/core";
import { useId } from "react";
import { CopyButton } from "./copy-button";
import classes from "./copy-field.module.css";

/** Text to copy, wrapped onto as many lines as it needs, with a copy button. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <Text id={id} fw={500} mb={4} style={{ overflowWrap: "anywhere" }}>
        {label}
      </Text>
      <div className={classes.box}>
        <code className={classes.text}>{value}</code>
        <CopyButton label={`Copy ${label}`} value={value} />
      </div>
    </div>
  );
}
