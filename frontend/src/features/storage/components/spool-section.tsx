import { Text } from "@mantine/core";
import { Facts } from "@/components/ui/facts";
import { FileSize } from "@/components/ui/file-size";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { formatQuantity } from "@/lib/format";
import type { StorageInfo } from "../api/storage-info";
import { spoolState } from "../status";

/** What waits on the disk of the server until the storage takes it. */
export function SpoolSection({ spool }: { spool: StorageInfo["spool"] }) {
  const { label, tone } = spoolState(spool);
  return (
    <Section
      title="Spool"
      description="While the storage is down, new files are kept on the server and uploaded to it later."
      action={<StateBadge tone={tone}>{label}</StateBadge>}
    >
      {spool.objects === 0 && spool.reason === null ? (
        <Text c="dimmed">No files are waiting.</Text>
      ) : (
        <Facts facts={factsOf(spool)} />
      )}
    </Section>
  );
}

function factsOf({ objects, bytes, reason, since }: StorageInfo["spool"]) {
  return [
    {
      label: "Waiting",
      value: (
        <>
          {formatQuantity(objects, "object")}, <FileSize bytes={bytes} />
        </>
      ),
    },
    ...(reason === null ? [] : [{ label: "Reason", value: reason }]),
    ...(since === null ? [] : [{ label: "Since", value: <RelativeTime time={since} /> }]),
  ];
}
