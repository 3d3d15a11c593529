import { Alert, List } from "@mantine/core";
import type { ApiError } from "@/lib/http";

interface Props {
  title: string;
  failures: readonly { path: string; error: ApiError }[];
}

const SHOWN = 5;

/** The items of a bulk action that failed, and why. */
export function Failures({ title, failures }: Props) {
  if (failures.length === 0) return null;
  return (
    <Alert role="alert" color="red" variant="light" title={title}>
      <List size="sm" spacing={4}>
        {failures.slice(0, SHOWN).map(({ path, error }) => (
          <List.Item key={path} style={{ overflowWrap: "anywhere" }}>
            {path}: {error.message}
          </List.Item>
        ))}
        {failures.length > SHOWN && <List.Item>and {failures.length - SHOWN} more</List.Item>}
      </List>
    </Alert>
  );
}
