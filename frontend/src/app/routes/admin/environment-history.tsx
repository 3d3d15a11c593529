import { Stack } from "@mantine/core";
import { PageHeader } from "@/components/ui/page-header";
import { HistoryView } from "@/features/environment/components/history-view";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

export function AdminEnvironmentHistoryPage() {
  return (
    <Stack gap="lg" maw={1120}>
      <PageCrumbs trail={[ADMINISTRATION, { label: "Environment", to: "/admin/env" }, { label: "History" }]} />
      <PageHeader
        title="History"
        description="Changes to the environment, and backups of the files from before each change."
      />
      <HistoryView />
    </Stack>
  );
}
