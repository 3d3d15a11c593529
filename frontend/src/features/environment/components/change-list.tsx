import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { type Change, changesQuery } from "../api/list-changes";
import classes from "@/components/ui/entry-list.module.css";
import { VariableNames } from "./variable-names";

const STATES = {
  applied: ["good", "Applied"],
  waiting: ["warning", "Waits"],
  confirmed: ["good", "Kept"],
  reverted: ["neutral", "Undone"],
  failed: ["bad", "Failed"],
} as const;

export function ChangeList() {
  const query = useQuery(changesQuery);
  if (query.isPending) return <RowsSkeleton label="Changes are loading" height={60} />;
  if (!query.data) {
    return (
      <ErrorView title="The changes could not be listed" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  if (query.data.length === 0) return <EmptyNote icon={History}>Nothing was changed yet.</EmptyNote>;
  return (
    <>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <ul className={classes.list} aria-label="Changes">
        {query.data.map((change) => (
          <ChangeEntry key={change.id} change={change} />
        ))}
      </ul>
    </>
  );
}

function ChangeEntry({ change }: { change: Change }) {
  const [tone, text] = STATES[change.state];
  return (
    <li className={classes.entry}>
      <div className={classes.lines}>
        <Group gap={8}>
          <StateBadge tone={tone}>{text}</StateBadge>
          {change.names.length > 0 ? <VariableNames names={change.names} /> : <Text span>Files read again</Text>}
        </Group>
        <Text component="span" size="xs" c="dimmed">
          {change.file && `${change.file} · `}
          {change.actor} · <RelativeTime time={change.created_at} />
        </Text>
        {change.problem && (
          <Text size="xs" c="var(--mantine-color-error)">
            {change.problem}
          </Text>
        )}
      </div>
    </li>
  );
}
