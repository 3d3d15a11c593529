import { Modal } from "@mantine/core";
import { CreateUserForm } from "./create-user-form";

/** The form starts empty each time it is opened. */
export function CreateUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New user" styles={{ title: { fontWeight: 600 } }}>
      <CreateUserForm onClose={onClose} />
    </Modal>
  );
}
