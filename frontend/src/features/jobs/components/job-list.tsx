import { Anchor, Paper, Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { type Job, jobsQuery } from "../api/list-jobs";
import { isWorking, kindLabel, pathOf, percentDone, stateLabel, toneOf } from "../state";

export function JobList() {
  const query = useQuery(jobsQuery);
  if (query.isPending) return <RowsSkeleton label="Loading jobs" />;
  if (!query.data) {
    return <ErrorView title="Could not load the jobs" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return <EmptyNote icon={ListChecks}>No jobs yet.</EmptyNote>;
  }
  return (
    <>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <Paper withBorder radius="lg" px="lg" py="xs" style={{ borderColor: "var(--app-border)" }}>
        <DataTable label="Jobs" columns={COLUMNS} rows={query.data} rowKey={({ id }) => id} />
      </Paper>
    </>
  );
}

const COLUMNS: readonly Column<Job>[] = [
  { header: "Job", width: 160, cell: (job) => <Name job={job} /> },
  { header: "State", width: 136, cell: (job) => <StateBadge tone={toneOf(job)}>{stateLabel(job)}</StateBadge> },
  { header: "Progress", width: 160, cell: (job) => <Done job={job} /> },
  { header: "Details", cell: ({ detail }) => detail },
  { header: "Started", width: 128, cell: ({ created_at: at }) => <RelativeTime time={at} /> },
  { header: "Finished", width: 128, cell: ({ finished_at: at }) => at && <RelativeTime time={at} /> },
];

function Name({ job }: { job: Job }) {
  const path = pathOf(job);
  if (path === null) return kindLabel(job);
  return (
    <Anchor component={Link} to={path} c="var(--app-accent)">
      {kindLabel(job)}
    </Anchor>
  );
}

function Done({ job }: { job: Job }) {
  const percent = percentDone(job);
  if (percent === null) return null;
  return (
    <div style={{ flex: 1, minWidth: 80 }}>
      <Text>{percent} %</Text>
      {isWorking(job) && <Progress value={percent} size="xs" aria-label={`${kindLabel(job)}: ${percent} % done`} />}
    </div>
  );
}
