import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { storageInfoQuery, type StorageInfo } from "../api/storage-info";
import { StaleNote } from "@/components/ui/stale-note";
import { ConnectionTest } from "./connection-test";
import { StorageFacts } from "./storage-facts";
import { ConfigurationSection, LastError, LatencySection, LocationsSection } from "./storage-tables";

/** Everything about the storage in use. `candidate` is the form to try another one. */
export function StorageView({ candidate }: { candidate: (info: StorageInfo) => ReactNode }) {
  const query = useQuery(storageInfoQuery);
  if (query.isPending) return <RowsSkeleton label="The storage is being asked" rows={8} />;
  if (!query.data) {
    return (
      <ErrorView title="The storage could not be described" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const info = query.data;
  return (
    <Stack gap="md">
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <LastError error={info.last_error} />
      <StorageFacts info={info} />
      <ConnectionTest />
      <LocationsSection locations={info.locations} />
      <LatencySection info={info} />
      <ConfigurationSection configuration={info.configuration} />
      {candidate(info)}
    </Stack>
  );
}
