import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useReducer, useState } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import type { Applied } from "../api/apply-changes";
import { newestChangeQuery } from "../api/list-changes";
import { type Environment, environmentQuery } from "../api/list-variables";
import type { Reviewed } from "../api/review-changes";
import { batchesOf, draftsReducer, noDrafts } from "../drafts";
import type { VariableFilter } from "../filter";
import { ChangeNotice } from "./change-notice";
import { ChangedOnDisk } from "./changed-on-disk";
import { FileNote } from "./file-note";
import { FileProblems } from "./file-problems";
import { LeaveGuard } from "./leave-guard";
import { PendingBar } from "./pending-bar";
import { ReviewDialog } from "./review-dialog";
import { VariableFilterBar } from "./variable-filter";
import { VariableList } from "./variable-list";
import { WaitingChange } from "./waiting-change";

interface Props {
  filter: VariableFilter;
  onFilter: (filter: VariableFilter) => void;
  reloading: boolean;
  onReload: () => void;
  /** Shows the steps of a storage's connection test. */
  renderTest: (test: NonNullable<Reviewed["test"]>) => ReactNode;
}

export function EnvironmentView(props: Props) {
  const query = useQuery(environmentQuery);
  if (query.isPending) return <RowsSkeleton label="Loading variables" rows={8} height={64} />;
  if (!query.data) {
    return <ErrorView title="Could not load variables" error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <Stack gap="md">
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <EnvironmentEditor
        environment={query.data}
        onRefresh={async () => (await query.refetch({ throwOnError: true })).data}
        {...props}
      />
    </Stack>
  );
}

interface EditorProps extends Props {
  environment: Environment;
  onRefresh: () => Promise<Environment | undefined>;
}

function EnvironmentEditor({ environment, onRefresh, filter, onFilter, reloading, onReload, renderTest }: EditorProps) {
  const [drafts, dispatch] = useReducer(draftsReducer, noDrafts);
  const [reviewing, setReviewing] = useState(false);
  const [outcome, setOutcome] = useState<Applied | null>(null);
  const waiting = useQuery(newestChangeQuery).data?.state === "waiting";
  const batches = batchesOf(environment, drafts);
  const batch = batches[0];
  const unsaved = batches.reduce((sum, { changes }) => sum + Object.keys(changes).length, 0);
  const finish = (applied: Applied) => {
    setReviewing(false);
    setOutcome(applied);
    if (applied.errors.length > 0) dispatch({ type: "refused", problems: applied.errors });
    else
      dispatch({
        type: "applied",
        file: batch?.file,
        names: Object.keys(batch?.changes ?? {}),
        version: applied.version,
      });
    window.scrollTo({ top: 0 });
  };
  const broken = environment.problems.length > 0;
  return (
    <>
      <ChangeNotice applied={outcome} onClose={() => setOutcome(null)} />
      {environment.changed_on_disk && !broken && <ChangedOnDisk pending={reloading} onReload={onReload} />}
      {/* of files with problems it is not known which of them were there at the start */}
      {!broken && <FileNote files={environment.files} />}
      <FileProblems problems={environment.problems} />
      <VariableFilterBar filter={filter} onChange={onFilter} />
      <VariableList
        environment={environment}
        filter={filter}
        drafts={drafts}
        onDraft={dispatch}
        onShowAll={() => onFilter({ q: "", onlySet: false })}
      />
      <WaitingChange />
      <LeaveGuard unsaved={unsaved} loginPath="/login" />
      <PendingBar
        batches={batches}
        problems={drafts.problems}
        waiting={waiting}
        onDiscard={() => dispatch({ type: "drop", names: Object.keys(drafts.values) })}
        onReview={() => setReviewing(true)}
      />
      {reviewing && batch && (
        <ReviewDialog
          batch={batch}
          next={batches[1]}
          renderTest={renderTest}
          onRefused={(problems) => dispatch({ type: "refused", problems })}
          onRefresh={async () => {
            const fresh = await onRefresh();
            if (fresh) dispatch({ type: "rebase", files: fresh.files });
          }}
          onApplied={finish}
          onClose={() => setReviewing(false)}
        />
      )}
    </>
  );
}
