import { Alert } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { ApiError } from "@/lib/http";

/** Why a request failed, shown where the user made it. */
export function ProblemAlert({ error }: { error: Error | null }) {
  if (!error) return null;
  const problem = error instanceof ApiError ? error : null;
  // a refusal explains itself; a server error has to be looked up in the server's log
  const requestId = problem && problem.status >= 500 && problem.requestId;
  const title = problem?.message ?? "Something went wrong. Reload the page and try again.";
  return (
    <Alert role="alert" color="red" icon={<TriangleAlert size={18} strokeWidth={1.75} />} title={title}>
      {[problem?.hint, requestId && `Request ID: ${requestId}.`].filter(Boolean).join(" ") || null}
    </Alert>
  );
}
