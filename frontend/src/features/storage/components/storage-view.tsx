import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { storageInfoQuery, type StorageInfo } from "../api/storage-info";
import { StaleNote } from "@/components/ui/stale-note";
import { ConnectionTest } from "./connection-test";
import { LocationSection } from "./location-section";
import { SpoolSection } from "./spool-section";
import { StorageFacts } from "./storage-facts";
import { StorageProblems } from "./storage-problems";
import { ConfigurationSection, LastError, LatencySection } from "./storage-tables";

interface Props {
  /** The form to try another storage. */
  candidate: (info: StorageInfo) => ReactNode;
  /** Where files are moved from a location: `source` of its search. */
  movePath: string;
  migrationsPath: string;
}

/** Everything about the storage in use, and the places where files lie. */
export function StorageView({ candidate, movePath, migrationsPath }: Props) {
  const query = useQuery(storageInfoQuery);
  if (query.isPending) return <RowsSkeleton label="Loading the storage" rows={8} />;
  if (!query.data) {
    return <ErrorView title="Could not load the storage" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const info = query.data;
  return (
    <Stack gap="md">
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <StorageProblems info={info} />
      <LastError error={info.last_error} />
      <StorageFacts info={info} />
      <SpoolSection spool={info.spool} />
      <ConnectionTest />
      <LocationSection movePath={movePath} migrationsPath={migrationsPath} />
      <LatencySection info={info} />
      <ConfigurationSection configuration={info.configuration} />
      {candidate(info)}
    </Stack>
  );
}
