import { Stack } from "@mantine/core";
import { PageHeader } from "@/components/ui/page-header";
import { JobList } from "@/features/jobs/components/job-list";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

export function AdminJobsPage() {
  return (
    <Stack gap="lg" maw={1120}>
      <PageCrumbs trail={[ADMINISTRATION, { label: "Jobs" }]} />
      <PageHeader title="Jobs" description="Background tasks, running and finished." />
      <JobList />
    </Stack>
  );
}
