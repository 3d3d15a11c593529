import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import type { Applied } from "../api/apply-changes";
import { environmentQuery } from "../api/list-variables";
import type { Reviewed } from "../api/review-changes";
import { batchOfValues } from "../tested-values";
import { ReviewDialog } from "./review-dialog";

interface Props {
  /** By variable; secrets among them, which are kept nowhere else. */
  values: Readonly<Record<string, string>>;
  renderTest: (test: NonNullable<Reviewed["test"]>) => ReactNode;
  onApplied: (applied: Applied) => void;
  onClose: () => void;
}

/** Takes values that were tested elsewhere through the review that every change goes through. */
export function ApplyValues({ values, renderTest, onApplied, onClose }: Props) {
  const query = useQuery(environmentQuery);
  const environment = query.data;
  const batch = useMemo(() => environment && batchOfValues(environment, values), [environment, values]);
  const idle = batch === null;
  useEffect(() => {
    if (!idle) return;
    notifications.show({ title: "Nothing to apply", message: "This configuration is already in use.", color: "blue" });
    onClose();
  }, [idle, onClose]);
  if (!batch) return null;
  return (
    <ReviewDialog
      batch={batch}
      next={undefined}
      renderTest={renderTest}
      backLabel="Back to the form"
      onRefused={() => undefined}
      onRefresh={async () => {
        await query.refetch({ throwOnError: true });
      }}
      onApplied={onApplied}
      onClose={onClose}
    />
  );
}
