import { Alert } from "@mantine/core";
import { ApiError } from "@/lib/http";

/** Why the action of a dialog failed, and what to do. */
export function ProblemAlert({ error }: { error: Error | null }) {
  if (!error) return null;
  const problem = error instanceof ApiError ? error : null;
  const request = problem && problem.status >= 500 && problem.requestId ? `Request ID: ${problem.requestId}` : null;
  return (
    <Alert role="alert" color="red" variant="light" title={error.message}>
      {[problem?.hint, request].filter(Boolean).join(" ") || null}
    </Alert>
  );
}
