import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatQuantity } from "@/lib/format";

/** Asks before edits that were not applied are lost: here by our own words, at the edge of the page by the browser's. */
export function LeaveGuard({ unsaved, loginPath }: { unsaved: number; loginPath: string }) {
  const { status, proceed, reset } = useBlocker({
    // the filter of the list is in the address too; and whoever is signed out has no page to stay on
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && next.pathname !== loginPath,
    enableBeforeUnload: () => unsaved > 0,
    disabled: unsaved === 0,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={status === "blocked"}
      title="Leave without applying?"
      confirmLabel="Leave"
      cancelLabel="Stay"
      pending={false}
      error={null}
      onConfirm={() => proceed?.()}
      onClose={() => reset?.()}
    >
      {formatQuantity(unsaved, "change")} would be lost.
    </ConfirmDialog>
  );
}
