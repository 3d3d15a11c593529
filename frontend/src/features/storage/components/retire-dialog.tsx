import { notifications } from "@mantine/notifications";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { Location } from "../api/list-locations";
import { useRetireLocation } from "../api/retire-location";

/** Asks before the credentials of an empty location are forgotten. */
export function RetireDialog({ location, onClose }: { location: Location | null; onClose: () => void }) {
  const retire = useRetireLocation(({ label }) => {
    notifications.show({ title: "Retired", message: label, color: "green" });
    onClose();
  });
  const close = () => {
    retire.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={location !== null}
      title="Retire this location?"
      confirmLabel="Retire"
      pending={retire.isPending}
      error={retire.error}
      onConfirm={() => location && retire.mutate(location)}
      onClose={close}
    >
      <strong>{location?.label}</strong> is empty. aishare deletes its saved credentials and stops checking it. Nothing
      is deleted there.
    </ConfirmDialog>
  );
}
