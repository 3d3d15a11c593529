import { notifications } from "@mantine/notifications";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { useTakeOver } from "../api/take-over";

/** Asks before a storage that is not the one of before is used all the same. */
export function TakeOverDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const takeOver = useTakeOver(() => {
    notifications.show({
      title: "Taken over",
      message: "aishare starts to use it within a few seconds.",
      color: "green",
    });
    onClose();
  });
  const close = () => {
    takeOver.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title="Use this storage anyway?"
      confirmLabel="Use this storage"
      pending={takeOver.isPending}
      error={takeOver.error}
      onConfirm={() => takeOver.mutate()}
      onClose={close}
    >
      Do this only if it is meant to be a new, empty storage, or if the aishare installation that it belonged to no
      longer exists. Your earlier files stay unavailable until their storage is back.
    </ConfirmDialog>
  );
}
