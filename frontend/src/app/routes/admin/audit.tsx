import { Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { PageHeader } from "@/components/ui/page-header";
import { AuditFilter } from "@/features/audit/components/audit-filter";
import { AuditList } from "@/features/audit/components/audit-list";
import { ExportButtons } from "@/features/audit/components/export-buttons";
import { auditQuery } from "@/features/audit/filter";
import type { AuditSearch } from "@/features/audit/search";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";
import { useSearchChange } from "@/app/use-search-change";

const route = getRouteApi("/signed-in/superuser/admin/audit");
const TYPING_MS = 300;

export function AdminAuditPage() {
  const search = route.useSearch();
  const changeSearch = useSearchChange<AuditSearch>();
  const [settled] = useDebouncedValue(search, TYPING_MS);
  const query = useMemo(() => auditQuery(settled), [settled]);
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[ADMINISTRATION, { label: "Audit" }]} />
      <PageHeader
        title="Audit"
        description="Who did what, when and from where. Entries cannot be edited."
        action={<ExportButtons query={auditQuery(search)} />}
      />
      <AuditFilter search={search} onChange={(changed) => changeSearch(changed, { replace: true })} />
      <AuditList query={query} />
    </Stack>
  );
}
