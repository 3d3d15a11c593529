import { Button, Group, Text } from "@mantine/core";
import { RotateCcw, Undo2 } from "lucide-react";
import type { Variable } from "../api/list-variables";
import { startValue } from "../drafts";
import { DraftField } from "./draft-field";

interface Props {
  variable: Variable;
  value: string | null;
  problem: string | undefined;
  onChange: (value: string | null) => void;
  onDrop: () => void;
}

/** The value of a variable while it is edited; nothing happens before the changes are reviewed and applied. */
export function VariableEditor({ variable, value, problem, onChange, onDrop }: Props) {
  return (
    <>
      {value === null ? (
        <Text component="span" c={problem ? "var(--mantine-color-error)" : "dimmed"}>
          {problem ?? `To be removed from ${variable.origin_file ?? "its file"}. The default applies then.`}
        </Text>
      ) : (
        <DraftField variable={variable} value={value} error={problem} onChange={onChange} />
      )}
      <Group gap="xs">
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<Undo2 size={14} aria-hidden />}
          aria-label={`Discard the edit of ${variable.name}`}
          onClick={onDrop}
        >
          Discard
        </Button>
        {variable.origin_kind === "file" && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<RotateCcw size={14} aria-hidden />}
            aria-label={value === null ? `Keep ${variable.name}` : `Remove ${variable.name}`}
            onClick={() => onChange(value === null ? startValue(variable) : null)}
          >
            {value === null ? "Keep it" : "Remove"}
          </Button>
        )}
      </Group>
    </>
  );
}
