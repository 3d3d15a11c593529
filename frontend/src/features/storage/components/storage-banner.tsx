import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { readinessQuery } from "../api/readiness";

const TEXT = {
  full: "You cannot upload files at the moment. Delete files to make room. Existing files can still be opened.",
  degraded:
    "Uploads still work: new files are kept on the server until the storage is back. Some older files cannot be opened until then.",
  down: "Some files cannot be opened at the moment, and uploads may fail. No stored file is lost.",
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
