import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { readinessQuery } from "../api/readiness";

const TEXT = {
  degraded: "Uploads go on: new files are kept here until it is back. Some older files can not be opened meanwhile.",
  down: "Some files can not be opened at the moment, and uploads may be refused. Nothing that was stored is lost.",
};

/** For everybody, on every page, while the storage does not work. */
export function StorageBanner() {
  const status = useQuery(readinessQuery).data;
  if (status !== "degraded" && status !== "down") return null;
  return (
    <Alert role="status" color="yellow" mb="md" title="The storage is not available">
      {TEXT[status]}
    </Alert>
  );
}
