import { Badge, Code, Group, Text } from "@mantine/core";
import { CopyButton } from "@/components/ui/copy-button";
import { MarkedText } from "@/components/ui/marked-text";
import { StateBadge } from "@/components/ui/state-badge";
import type { Variable } from "../api/list-variables";
import { describeOrigin } from "../filter";
import classes from "./variable-row.module.css";

export function VariableRow({ variable }: { variable: Variable }) {
  return (
    <li className={classes.row} data-set={variable.set || undefined}>
      <div className={classes.about}>
        <Group gap={4} wrap="nowrap" className={classes.nameLine}>
          <span className={classes.name}>{variable.name}</span>
          <CopyButton label={`Copy ${variable.name}`} value={variable.name} />
        </Group>
        <Text size="xs" c="dimmed">
          <MarkedText>{variable.help}</MarkedText>
        </Text>
      </div>
      <div className={classes.value}>
        <ValueText variable={variable} />
        <Group gap={6}>
          <Text component="span" size="xs" c="dimmed">
            {describeOrigin(variable)}
            {variable.applies === "live" && " · applies live"}
          </Text>
          {variable.applies === "restart" && <Badge color="gray">Needs a restart</Badge>}
          {variable.pending && (
            <StateBadge tone="warning">
              {variable.applies === "restart" ? "Restart pending" : "Reload pending"}
            </StateBadge>
          )}
          {!variable.valid && <StateBadge tone="bad">Problem</StateBadge>}
        </Group>
        {variable.problem && (
          <Text size="xs" c="var(--mantine-color-error)">
            {variable.problem}
          </Text>
        )}
      </div>
    </li>
  );
}

function ValueText({ variable }: { variable: Variable }) {
  if (variable.value === "") {
    return (
      <Text component="span" c="dimmed">
        <MarkedText>{variable.default_note ? `Not set: ${variable.default_note}` : "Not set"}</MarkedText>
      </Text>
    );
  }
  return (
    <span>
      <Code className={classes.code}>{variable.value}</Code>
      {variable.unit && (
        <Text component="span" c="dimmed">
          {" "}
          {variable.unit}
        </Text>
      )}
    </span>
  );
}
