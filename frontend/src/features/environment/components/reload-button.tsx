import { Button } from "@mantine/core";
import { RefreshCw } from "lucide-react";

export function ReloadButton({ pending, onReload }: { pending: boolean; onReload: () => void }) {
  return (
    <Button leftSection={<RefreshCw size={16} strokeWidth={1.75} />} loading={pending} onClick={onReload}>
      Reload
    </Button>
  );
}
