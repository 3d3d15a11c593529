import { Badge, Code, Group, Text, VisuallyHidden } from "@mantine/core";
import { ArrowRight } from "lucide-react";
import type { Reviewed } from "../api/review-changes";
import classes from "./difference-list.module.css";

/** Old and new value of each variable; secrets are masks. */
export function DifferenceList({ diff }: { diff: Reviewed["diff"] }) {
  if (diff.length === 0) {
    return <Text>The file would change, but no value would.</Text>;
  }
  return (
    <ul className={classes.list} aria-label="Differences">
      {diff.map(({ name, before, after, secret, applies }) => (
        <li key={name} className={classes.entry}>
          <Group gap={8}>
            <span className={classes.name}>{name}</span>
            {secret && <Badge color="gray">Secret</Badge>}
            {applies === "restart" && <Badge color="yellow">Needs a restart</Badge>}
          </Group>
          <div className={classes.values}>
            <Value text={before} label="Now" />
            <ArrowRight size={16} aria-hidden />
            <Value text={after} label="New" />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Value({ text, label }: { text: string; label: string }) {
  return (
    <span>
      <VisuallyHidden>{label}: </VisuallyHidden>
      {text === "" ? <span>Not set</span> : <Code>{text}</Code>}
    </span>
  );
}
