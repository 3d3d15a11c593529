import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorView } from "@/components/ui/error-view";
import { PageHeader } from "@/components/ui/page-header";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { Section } from "@/components/ui/section";
import { environmentQuery } from "@/features/environment/api/list-variables";
import type { StorageType } from "@/features/storage/candidate";
import { CandidateForm } from "@/features/storage/components/candidate-form";
import { StorageView } from "@/features/storage/components/storage-view";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

export function AdminStoragePage() {
  return (
    <Stack gap="lg" maw={1120}>
      <PageCrumbs trail={[ADMINISTRATION, { label: "Storage" }]} />
      <PageHeader
        title="Storage"
        description="Where the files lie, and whether it works."
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/admin/care" {...props} />}>
            Check and clean up
          </Button>
        }
      />
      <StorageView
        candidate={(info) => <CandidateSection running={info.storage_type} />}
        movePath="/admin/migrations/new"
        migrationsPath="/admin/migrations"
      />
    </Stack>
  );
}

/** The fields of the form are variables, with the help texts of the environment page. */
function CandidateSection({ running }: { running: StorageType }) {
  return (
    <Section
      title="Test another configuration"
      description="Try values before you write them into your .env file. Nothing is saved, and the running storage is not touched."
    >
      <CandidateContent running={running} />
    </Section>
  );
}

function CandidateContent({ running }: { running: StorageType }) {
  const query = useQuery(environmentQuery);
  if (query.isPending) return <RowsSkeleton label="The form is loading" />;
  if (!query.data) {
    return <ErrorView title="The form could not be made" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const variables = query.data.categories.flatMap((category) => category.variables);
  return <CandidateForm variables={variables} running={running} />;
}
