import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { PageHeader } from "@/components/ui/page-header";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { Section } from "@/components/ui/section";
import type { Applied } from "@/features/environment/api/apply-changes";
import { environmentQuery } from "@/features/environment/api/list-variables";
import { ApplyValues } from "@/features/environment/components/apply-values";
import { ChangeNotice } from "@/features/environment/components/change-notice";
import { WaitingChange } from "@/features/environment/components/waiting-change";
import type { Candidate } from "@/features/storage/api/test-connection";
import type { StorageType } from "@/features/storage/candidate";
import { CandidateForm } from "@/features/storage/components/candidate-form";
import { StorageView } from "@/features/storage/components/storage-view";
import { TestSteps } from "@/features/storage/components/test-steps";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

export function AdminStoragePage() {
  const [tested, setTested] = useState<Candidate | null>(null);
  const [applied, setApplied] = useState<Applied | null>(null);
  const close = useCallback(() => setTested(null), []);
  const finish = (done: Applied) => {
    setApplied(done);
    close();
    window.scrollTo({ top: 0 });
  };
  return (
    <Stack gap="lg" maw={1120}>
      <PageCrumbs trail={[ADMINISTRATION, { label: "Storage" }]} />
      <PageHeader
        title="Storage"
        description="Where your files are stored, and how the storage is doing."
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/admin/care" {...props} />}>
            Check and clean up
          </Button>
        }
      />
      <ChangeNotice applied={applied} onClose={() => setApplied(null)} />
      <StorageView
        candidate={(info) => (
          // a new form after each change: secrets that were typed are forgotten
          <CandidateSection
            key={`${info.location_id} ${applied?.change?.id}`}
            running={info.storage_type}
            onApply={setTested}
          />
        )}
        movePath="/admin/migrations/new"
        migrationsPath="/admin/migrations"
      />
      <WaitingChange />
      {tested && (
        <ApplyValues
          values={tested}
          renderTest={({ ok, steps }) => <TestSteps trial={{ state: "done", ok, steps, error: null }} />}
          onApplied={finish}
          onClose={close}
        />
      )}
    </Stack>
  );
}

interface CandidateProps {
  running: StorageType;
  onApply: (tested: Candidate) => void;
}

/** The fields of the form are variables, with the help texts of the environment page. */
function CandidateSection(props: CandidateProps) {
  return (
    <Section
      title="Test another configuration"
      description="Test a storage before you switch to it. Nothing is saved or changed until you apply it."
    >
      <CandidateContent {...props} />
    </Section>
  );
}

function CandidateContent({ running, onApply }: CandidateProps) {
  const query = useQuery(environmentQuery);
  if (query.isPending) return <RowsSkeleton label="Loading the form" />;
  if (!query.data) {
    return <ErrorView title="Could not load the form" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const variables = query.data.categories.flatMap((category) => category.variables);
  return <CandidateForm variables={variables} running={running} onApply={onApply} />;
}
