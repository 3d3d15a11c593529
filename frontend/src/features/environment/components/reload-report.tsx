import { Alert, List, Stack } from "@mantine/core";
import { CircleCheck, RotateCw, TriangleAlert } from "lucide-react";
import { MarkedText } from "@/components/ui/marked-text";
import { formatQuantity } from "@/lib/format";
import type { ReloadResult } from "../api/reload";
import { VariableNames } from "./variable-names";

const ICON = { size: 18, strokeWidth: 1.75 } as const;

/** What a reload did: what changed, what waits for a restart, or every problem that kept all from changing. */
export function ReloadReport({ result, onClose }: { result: ReloadResult; onClose: () => void }) {
  if (result.errors.length > 0 || !result.applied) return <Refused result={result} onClose={onClose} />;
  const { changed, restart_required: waiting } = result;
  const title = changed.length > 0 ? `${formatQuantity(changed.length, "variable")} changed` : "Nothing to apply";
  return (
    <Stack gap="sm" role="status">
      <Alert
        color="green"
        icon={<CircleCheck {...ICON} />}
        title={title}
        withCloseButton
        closeButtonLabel="Close the report"
        onClose={onClose}
      >
        {changed.length > 0 ? <VariableNames names={changed} /> : "All values are already in use."}
      </Alert>
      {waiting.length > 0 && (
        <Alert color="yellow" icon={<RotateCw {...ICON} />} title="Restart aishare to apply the rest">
          <VariableNames names={waiting} />
        </Alert>
      )}
    </Stack>
  );
}

function Refused({ result, onClose }: { result: ReloadResult; onClose: () => void }) {
  return (
    <Alert
      role="alert"
      color="red"
      icon={<TriangleAlert {...ICON} />}
      title={`Nothing was changed: ${formatQuantity(result.errors.length, "problem")}`}
      withCloseButton
      closeButtonLabel="Close the report"
      onClose={onClose}
    >
      <List listStyleType="none" spacing={8}>
        {result.errors.map(({ message }) => (
          <List.Item key={message} style={{ overflowWrap: "anywhere" }}>
            <MarkedText>{message}</MarkedText>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
