import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { readinessQuery } from "../api/readiness";

const TEXT = {
  full: "Nothing new can be uploaded at the moment. What is there can be opened, and deleting files makes room.",
  degraded: "Uploads go on: new files are kept here until it is back. Some older files cannot be opened meanwhile.",
  down: "Some files cannot be opened at the moment, and uploads may be refused. Nothing that was stored is lost.",
};

/** For everybody, on every page, while the storage does not work or has no room. */
export function StorageBanner() {
  const { status, full } = useQuery(readinessQuery).data ?? { status: null, full: false };
  if (status !== "degraded" && status !== "down") return null;
  return (
    <Alert role="status" color="yellow" mb="md" title={full ? "The storage is full" : "The storage is not available"}>
      {TEXT[full ? "full" : status]}
    </Alert>
  );
}
