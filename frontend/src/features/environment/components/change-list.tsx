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
import { endingOf, stateOf } from "../changes";
import classes from "@/components/ui/entry-list.module.css";
import { VariableNames } from "./variable-names";

export function ChangeList() {
  const query = useQuery(changesQuery);
  if (query.isPending) return <RowsSkeleton label="Loading changes" height={60} />;
  if (!query.data) {
    return <ErrorView title="Could not load changes" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) return <EmptyNote icon={History}>No changes yet.</EmptyNote>;
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
  const { tone, label } = stateOf(change);
  const ending = endingOf(change);
  return (
    <li className={classes.entry}>
      <div className={classes.lines}>
        <Group gap={8}>
          <StateBadge tone={tone}>{label}</StateBadge>
          {change.names.length > 0 ? <VariableNames names={change.names} /> : <Text span>Files reloaded</Text>}
        </Group>
        <Text component="span" size="xs" c="dimmed">
          {change.file && `${change.file} · `}
          Changed by {change.actor} · <RelativeTime time={change.created_at} />
        </Text>
        {ending && (
          <Text size="xs" c={change.state === "failed" ? "var(--mantine-color-error)" : "dimmed"}>
            {ending}
            {change.ended_at && (
              <>
                {" · "}
                <RelativeTime time={change.ended_at} />
              </>
            )}
          </Text>
        )}
      </div>
    </li>
  );
}
