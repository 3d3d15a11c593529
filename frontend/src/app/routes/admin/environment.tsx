import { Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useReload } from "@/features/environment/api/reload";
import { EnvironmentView } from "@/features/environment/components/environment-view";
import { ReloadButton } from "@/features/environment/components/reload-button";
import { ReloadReport } from "@/features/environment/components/reload-report";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

const route = getRouteApi("/signed-in/superuser/admin/env");

export function AdminEnvironmentPage() {
  const { q = "", set = false } = route.useSearch();
  const navigate = route.useNavigate();
  const reload = useReload();
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[ADMINISTRATION, { label: "Environment" }]} />
      <PageHeader
        title="Environment"
        description="Every variable aishare knows: its value, and where it comes from."
        action={<ReloadButton pending={reload.isPending} onReload={() => reload.mutate()} />}
      />
      <ProblemAlert error={reload.error} />
      {reload.data && <ReloadReport result={reload.data} onClose={() => reload.reset()} />}
      <EnvironmentView
        filter={{ q, onlySet: set }}
        onFilter={({ q: text, onlySet }) =>
          void navigate({ search: { ...(text && { q: text }), ...(onlySet && { set: true }) }, replace: true })
        }
      />
    </Stack>
  );
}
