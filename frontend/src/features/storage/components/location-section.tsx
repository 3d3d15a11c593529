import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { HardDrive } from "lucide-react";
import { useState } from "react";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { Section } from "@/components/ui/section";
import { StaleNote } from "@/components/ui/stale-note";
import { type Location, locationsQuery } from "../api/list-locations";
import { LocationTable } from "./location-table";
import { RetireDialog } from "./retire-dialog";

interface Props {
  movePath: string;
  migrationsPath: string;
}

/** Every place that holds files, and what can be done about those that new files do not go to. */
export function LocationSection({ movePath, migrationsPath }: Props) {
  return (
    <Section
      title="Storage locations"
      description="All storages that hold files. New files go to the active one."
      action={
        <Button variant="default" renderRoot={(props) => <Link to={migrationsPath} {...props} />}>
          Show migrations
        </Button>
      }
    >
      <Locations movePath={movePath} />
    </Section>
  );
}

function Locations({ movePath }: Pick<Props, "movePath">) {
  const query = useQuery(locationsQuery);
  const [retiring, setRetiring] = useState<Location | null>(null);
  if (query.isPending) return <RowsSkeleton label="Loading storage locations" rows={2} />;
  if (!query.data) {
    return (
      <ErrorView title="Could not load storage locations" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  if (query.data.length === 0) return <EmptyNote icon={HardDrive}>No storage locations yet.</EmptyNote>;
  return (
    <Stack gap="sm">
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <LocationTable locations={query.data} movePath={movePath} onRetire={setRetiring} />
      <RetireDialog location={retiring} onClose={() => setRetiring(null)} />
    </Stack>
  );
}
