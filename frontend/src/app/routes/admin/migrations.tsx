import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { ErrorView } from "@/components/ui/error-view";
import { PageHeader } from "@/components/ui/page-header";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { MigrationList } from "@/features/migrations/components/migration-list";
import { MigrationView } from "@/features/migrations/components/migration-view";
import { NewMigration } from "@/features/migrations/components/new-migration";
import { locationsQuery } from "@/features/storage/api/list-locations";
import { canMoveAway } from "@/features/storage/locations";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

const newRoute = getRouteApi("/signed-in/superuser/admin/migrations/new");
const oneRoute = getRouteApi("/signed-in/superuser/admin/migrations/$id");
const MIGRATIONS = { label: "Migrations", to: "/admin/migrations" };

export function AdminMigrationsPage() {
  const start = <Button renderRoot={(props) => <Link to="/admin/migrations/new" {...props} />}>Move files</Button>;
  return (
    <Stack gap="lg" maw={1120}>
      <PageCrumbs trail={[ADMINISTRATION, { label: "Migrations" }]} />
      <PageHeader
        title="Migrations"
        description="Move files to another storage while everyone keeps working."
        action={start}
      />
      <MigrationList labelOf={useLabels()} />
    </Stack>
  );
}

export function AdminNewMigrationPage() {
  return (
    <Stack gap="lg" maw={960}>
      <PageCrumbs trail={[ADMINISTRATION, MIGRATIONS, { label: "Move files" }]} />
      <PageHeader title="Move files" description="Move files from an earlier storage to the active one." />
      <NewMigrationContent />
    </Stack>
  );
}

function NewMigrationContent() {
  const query = useQuery(locationsQuery);
  const router = useRouter();
  const { source } = newRoute.useSearch();
  if (query.isPending) return <RowsSkeleton label="Loading storage locations" />;
  const target = query.data?.find(({ state }) => state === "active");
  if (!query.data || !target) {
    return (
      <ErrorView title="Could not load storage locations" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  return (
    <NewMigration
      sources={query.data.filter(canMoveAway)}
      target={target}
      preferred={source}
      onStarted={({ id }) => void router.navigate({ to: "/admin/migrations/$id", params: { id } })}
    />
  );
}

export function AdminMigrationPage() {
  const { id } = oneRoute.useParams();
  return (
    <Stack gap="lg" maw={960}>
      <PageCrumbs trail={[ADMINISTRATION, MIGRATIONS, { label: "Migration" }]} />
      <PageHeader title="Migration" />
      <MigrationView key={id} id={id} labelOf={useLabels()} />
    </Stack>
  );
}

/** Names of locations by id; one that is not known, or not yet, is called by its id. */
function useLabels(): (id: string) => string {
  const locations = useQuery(locationsQuery).data ?? [];
  return (id) => locations.find((location) => location.id === id)?.label ?? id;
}
