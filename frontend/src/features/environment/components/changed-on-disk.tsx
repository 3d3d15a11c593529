import { Alert, Button, Group, Text } from "@mantine/core";
import { FilePenLine } from "lucide-react";

/** Somebody edited a file by hand, and what it says does not run yet. */
export function ChangedOnDisk({ pending, onReload }: { pending: boolean; onReload: () => void }) {
  return (
    <Alert
      role="status"
      color="yellow"
      icon={<FilePenLine size={18} strokeWidth={1.75} />}
      title="A file was changed on disk"
    >
      <Group justify="space-between" gap="sm">
        <Text flex="1 1 200px">Its changes are not applied yet.</Text>
        <Button size="xs" variant="default" loading={pending} onClick={onReload}>
          Apply changes
        </Button>
      </Group>
    </Alert>
  );
}
