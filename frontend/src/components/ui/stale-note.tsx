import { Alert, Button, Group, Text } from "@mantine/core";
import { CloudOff } from "lucide-react";
import { ApiError } from "@/lib/http";

/** Shown above data that could not be refreshed. */
export function StaleNote({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  if (!error) return null;
  const requestId = error instanceof ApiError && error.requestId;
  return (
    <Alert
      role="alert"
      color="yellow"
      icon={<CloudOff size={18} strokeWidth={1.75} />}
      title="This information may be out of date"
    >
      <Group justify="space-between" gap="sm">
        <Text flex="1 1 200px">
          {[error.message, requestId && `Request ID: ${requestId}.`].filter(Boolean).join(" ")}
        </Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Group>
    </Alert>
  );
}
