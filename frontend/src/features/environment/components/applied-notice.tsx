import { Alert, List, Stack, Text } from "@mantine/core";
import { CircleCheck, Clock, RotateCw, TriangleAlert } from "lucide-react";
import { MarkedText } from "@/components/ui/marked-text";
import { StateBadge } from "@/components/ui/state-badge";
import { formatQuantity } from "@/lib/format";
import type { Applied } from "../api/apply-changes";
import { VariableNames } from "./variable-names";

const ICON = { size: 18, strokeWidth: 1.75 } as const;

/** What a change did when it was applied, and how far every process is with it. */
export function AppliedNotice({ applied, onClose }: { applied: Applied; onClose: () => void }) {
  const good = applied.applied && applied.change?.state !== "failed";
  const waits = applied.change?.state === "waiting";
  return (
    <Stack gap="sm" role="status">
      <Alert
        color={good ? (waits ? "yellow" : "green") : "red"}
        icon={good ? waits ? <Clock {...ICON} /> : <CircleCheck {...ICON} /> : <TriangleAlert {...ICON} />}
        title={titleOf(applied, good)}
        withCloseButton
        closeButtonLabel="Close the result"
        onClose={onClose}
      >
        <Stack gap={6}>
          {good && applied.changed.length > 0 && <VariableNames names={applied.changed} />}
          {waits && <Text>Check that your files open. The change is undone automatically unless you keep it.</Text>}
          {!good && applied.change?.problem && <Text>{applied.change.problem}</Text>}
          <Problems errors={applied.errors} />
          <Nodes nodes={applied.nodes} />
        </Stack>
      </Alert>
      {good && applied.restart_required.length > 0 && (
        <Alert color="yellow" icon={<RotateCw {...ICON} />} title="Restart aishare to apply the rest">
          <VariableNames names={applied.restart_required} />
        </Alert>
      )}
    </Stack>
  );
}

function titleOf({ change, changed }: Applied, good: boolean): string {
  if (!good) return "Not applied. Nothing was changed";
  if (!change) return "Nothing to change: the file already has these values";
  if (changed.length === 0) return "Saved";
  return `${formatQuantity(changed.length, "variable")} changed`;
}

function Problems({ errors }: { errors: Applied["errors"] }) {
  if (errors.length === 0) return null;
  return (
    <List listStyleType="none" spacing={4}>
      {errors.map(({ message }) => (
        <List.Item key={message} style={{ overflowWrap: "anywhere" }}>
          <MarkedText>{message}</MarkedText>
        </List.Item>
      ))}
    </List>
  );
}

const NODE_STATES = {
  applied: ["good", "Applied"],
  waiting: ["warning", "Not yet"],
  failed: ["bad", "Failed"],
  differs: ["warning", "Other values"],
} as const;

function Nodes({ nodes }: { nodes: Applied["nodes"] }) {
  if (nodes.length === 0) return null;
  return (
    <List listStyleType="none" spacing={4} aria-label="Processes">
      {nodes.map(({ id, name, state, problem }) => (
        <List.Item key={id} style={{ overflowWrap: "anywhere" }}>
          {name} <StateBadge tone={NODE_STATES[state][0]}>{NODE_STATES[state][1]}</StateBadge> {problem}
        </List.Item>
      ))}
    </List>
  );
}
