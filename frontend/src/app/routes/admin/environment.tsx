import { Button, Group, Stack } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useReload } from "@/features/environment/api/reload";
import { EnvironmentView } from "@/features/environment/components/environment-view";
import { ReloadButton } from "@/features/environment/components/reload-button";
import { ReloadReport } from "@/features/environment/components/reload-report";
import { TestSteps } from "@/features/storage/components/test-steps";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";
import { useSearchChange } from "@/app/use-search-change";

const route = getRouteApi("/signed-in/superuser/admin/env");

export function AdminEnvironmentPage() {
  const { q = "", set = false } = route.useSearch();
  const changeSearch = useSearchChange<{ q?: string | undefined; set?: boolean | undefined }>();
  const reload = useReload();
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[ADMINISTRATION, { label: "Environment" }]} />
      <PageHeader
        title="Environment"
        description="All settings of aishare: their values, and where each one is set."
        action={
          <Group gap="xs">
            <HistoryLink />
            <ReloadButton pending={reload.isPending} onReload={() => reload.mutate()} />
          </Group>
        }
      />
      <ProblemAlert error={reload.error} />
      {reload.data && <ReloadReport result={reload.data} onClose={() => reload.reset()} />}
      <EnvironmentView
        filter={{ q, onlySet: set }}
        onFilter={({ q: text, onlySet }) =>
          changeSearch({ ...(text && { q: text }), ...(onlySet && { set: true }) }, { replace: true })
        }
        reloading={reload.isPending}
        onReload={() => reload.mutate()}
        renderTest={({ ok, steps }) => <TestSteps trial={{ state: "done", ok, steps, error: null }} />}
      />
    </Stack>
  );
}

function HistoryLink() {
  return (
    <Button
      variant="default"
      leftSection={<History size={16} strokeWidth={1.75} aria-hidden />}
      renderRoot={(props) => <Link to="/admin/env/history" {...props} />}
    >
      History
    </Button>
  );
}
