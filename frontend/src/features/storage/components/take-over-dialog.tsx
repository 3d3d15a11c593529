import { notifications } from "@mantine/notifications";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { useTakeOver } from "../api/take-over";

/** Asks before a storage that is not the one of before is used all the same. */
export function TakeOverDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const takeOver = useTakeOver(() => {
    notifications.show({ title: "Taken over", message: "It is used in a few seconds.", color: "green" });
    onClose();
  });
  const close = () => {
    takeOver.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title="Use this storage as it is?"
      confirmLabel="Take over"
      pending={takeOver.isPending}
      error={takeOver.error}
      onConfirm={() => takeOver.mutate()}
      onClose={close}
    >
      Do this only if it is to be a new, empty storage, or if the installation that it belonged to is gone. Earlier
      files stay unavailable until the place where they lie is back.
    </ConfirmDialog>
  );
}
