import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ApiError } from "@/lib/http";
import type { File } from "../api/list-files";
import { useDeleteFile } from "../api/delete-file";

interface Props {
  file: File | null;
  onClose: () => void;
}

export function DeleteDialog({ file, onClose }: Props) {
  const remove = useDeleteFile((deleted) => {
    notifications.show({ title: "Deleted", message: deleted.path, color: "green" });
    onClose();
  });
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Modal opened={file !== null} onClose={close} title="Delete this file?" styles={{ title: { fontWeight: 600 } }}>
      <Stack gap="md">
        <Text style={{ overflowWrap: "anywhere" }}>
          <Text component="span" fw={600}>
            {file?.path}
          </Text>{" "}
          will be gone for good. There is no trash to restore it from.
        </Text>
        {remove.error && (
          <Alert role="alert" color="red" title={remove.error.message}>
            {remove.error instanceof ApiError && remove.error.hint}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => file && remove.mutate(file)}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
