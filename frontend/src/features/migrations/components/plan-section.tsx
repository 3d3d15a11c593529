import { Alert, Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { Facts } from "@/components/ui/facts";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { Section } from "@/components/ui/section";
import type { Migration } from "../api/list-migrations";
import { planQuery, type Plan } from "../api/plan-migration";
import { useStartMigration } from "../api/start-migration";
import { bodyOf, DEFAULTS, problemsOf } from "../options";
import { planFacts, planWarnings } from "../plan";
import { OptionFields } from "./option-fields";

interface Props {
  source: string;
  target: string;
  onStarted: (migration: Migration) => void;
}

/** What the migration would mean, and the button that starts it. */
export function PlanSection({ source, target, onStarted }: Props) {
  const query = useQuery(planQuery(source, target));
  return (
    <Section
      title="Plan"
      description="aishare copies and removes a few files to measure the speed. Nothing is moved yet."
    >
      {query.isFetching && <RowsSkeleton label="Counting files and measuring the speed" rows={5} />}
      {!query.isFetching && query.isError && (
        <ErrorView title="The plan could not be created" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!query.isFetching && query.data && <PlanForm plan={query.data} onStarted={onStarted} />}
    </Section>
  );
}

function PlanForm({ plan, onStarted }: { plan: Plan; onStarted: (migration: Migration) => void }) {
  const [options, setOptions] = useState(DEFAULTS);
  const start = useStartMigration(onStarted);
  const problems = problemsOf(options);
  const wrong = Object.keys(problems).length > 0;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const ends = { source: plan.source, target: plan.target, plan_id: plan.id };
    if (!wrong) start.mutate(bodyOf(ends, options));
  };
  return (
    <form onSubmit={submit} aria-label="Move files" noValidate>
      <Stack gap="md">
        <Facts facts={planFacts(plan)} />
        <Warnings texts={planWarnings(plan)} />
        <OptionFields options={options} problems={problems} onChange={setOptions} />
        <ProblemAlert error={start.error} />
        <Group>
          <Button type="submit" loading={start.isPending} disabled={wrong || plan.objects === 0}>
            Start migration
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Warnings({ texts }: { texts: readonly string[] }) {
  return texts.map((text) => (
    <Alert key={text} color="yellow" icon={<TriangleAlert size={18} strokeWidth={1.75} />}>
      {text}
    </Alert>
  ));
}
