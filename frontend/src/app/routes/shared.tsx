import { Stack } from "@mantine/core";
import { PageHeader } from "@/components/ui/page-header";
import { WithMeList } from "@/features/sharing/components/with-me-list";
import { PageCrumbs } from "../page-crumbs";

export function SharedPage() {
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[{ label: "Shared with me" }]} />
      <PageHeader title="Shared with me" description="Files and folders that others share with you." />
      <WithMeList />
    </Stack>
  );
}
