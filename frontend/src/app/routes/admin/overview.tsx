import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { PageHeader } from "@/components/ui/page-header";
import { environmentQuery } from "@/features/environment/api/list-variables";
import { EnvironmentCard } from "@/features/environment/components/environment-card";
import { storageInfoQuery } from "@/features/storage/api/storage-info";
import { LastError } from "@/features/storage/components/storage-tables";
import { FilesCard, LatencyCard, SpaceCard, StorageCard } from "@/features/storage/components/storage-cards";
import { UsersCard } from "@/features/users/components/users-card";
import { PageCrumbs } from "@/app/page-crumbs";

/** Storage, users and configuration on one page. Each card loads, and fails, by itself. */
export function AdminOverviewPage() {
  const storage = useQuery(storageInfoQuery);
  const environment = useQuery(environmentQuery);
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[{ label: "Administration" }]} />
      <PageHeader title="Overview" description="Storage, users and configuration at a glance." />
      <LastError error={storage.data?.last_error ?? null} />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="md">
        <StorageCard query={storage} to="/admin/storage" />
        <SpaceCard query={storage} to="/admin/storage" />
        <FilesCard query={storage} to="/admin/storage" />
        <LatencyCard query={storage} to="/admin/storage" />
        <UsersCard to="/admin/users" />
        <EnvironmentCard query={environment} to="/admin/env" />
      </SimpleGrid>
    </Stack>
  );
}
