import { ActionIcon, Badge, Code, Group, Text, Tooltip } from "@mantine/core";
import { Lock, Pencil } from "lucide-react";
import { CopyButton } from "@/components/ui/copy-button";
import { MarkedText } from "@/components/ui/marked-text";
import { StateBadge } from "@/components/ui/state-badge";
import type { Variable } from "../api/list-variables";
import { startValue } from "../drafts";
import { describeOrigin } from "../filter";
import { VariableEditor } from "./variable-editor";
import classes from "./variable-row.module.css";

interface Props {
  variable: Variable;
  /** Undefined while it is not edited, null where it is to be removed. */
  draft: string | null | undefined;
  draftProblem: string | undefined;
  /** Why it cannot be edited. */
  lock: string | null;
  onEdit: (value: string | null) => void;
  onDrop: () => void;
}

export function VariableRow({ variable, draft, draftProblem, lock, onEdit, onDrop }: Props) {
  const edited = draft !== undefined;
  return (
    <li className={classes.row} data-set={variable.set || undefined}>
      <div className={classes.about}>
        <Group gap={4} wrap="nowrap" className={classes.nameLine}>
          <span className={classes.name}>{variable.name}</span>
          <CopyButton label={`Copy ${variable.name}`} value={variable.name} />
          {!lock && !edited && <EditButton name={variable.name} onClick={() => onEdit(startValue(variable))} />}
        </Group>
        <Text size="xs" c="dimmed">
          <MarkedText>{variable.help}</MarkedText>
        </Text>
      </div>
      <div className={classes.value}>
        {edited ? (
          <VariableEditor variable={variable} value={draft} problem={draftProblem} onChange={onEdit} onDrop={onDrop} />
        ) : (
          <ValueText variable={variable} />
        )}
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
        {lock && (
          <Text size="xs" c="dimmed">
            <Lock size={12} aria-hidden className={classes.lock} /> {lock}
          </Text>
        )}
        {variable.problem && (
          <Text size="xs" c="var(--mantine-color-error)">
            {variable.problem}
          </Text>
        )}
      </div>
    </li>
  );
}

function EditButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <Tooltip label="Edit">
      <ActionIcon variant="subtle" color="gray" aria-label={`Edit ${name}`} onClick={onClick}>
        <Pencil size={14} strokeWidth={1.75} />
      </ActionIcon>
    </Tooltip>
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
