import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { EmptyNote } from "@/components/ui/empty-note";
import classes from "@/components/ui/entry-list.module.css";
import { ErrorView } from "@/components/ui/error-view";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { formatBytes, formatQuantity } from "@/lib/format";
import { useCancelScrub } from "../api/cancel-scrub";
import { type Scrub, scrubsQuery } from "../api/list-scrubs";
import { badgeOf, percentDone } from "../state";

const SHOWN = 20;

interface Props {
  /** The name of a location. */
  labelOf: (id: string) => string;
}

/** Running and earlier checks. */
export function ScrubList({ labelOf }: Props) {
  const query = useQuery(scrubsQuery);
  const cancel = useCancelScrub();
  if (query.isPending) return <RowsSkeleton label="Loading checks" height={60} />;
  if (!query.data) {
    return <ErrorView title="Could not load the checks" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) return <EmptyNote icon={ShieldCheck}>No checks yet.</EmptyNote>;
  return (
    <Stack gap="sm">
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <ProblemAlert error={cancel.error} />
      <ul className={classes.list} aria-label="Checks">
        {query.data.slice(0, SHOWN).map((scrub) => (
          <ScrubEntry
            key={scrub.id}
            scrub={scrub}
            place={scrub.location === null ? "all locations" : labelOf(scrub.location)}
            onCancel={() => cancel.mutate(scrub.id)}
            cancelling={cancel.isPending && cancel.variables === scrub.id}
          />
        ))}
      </ul>
    </Stack>
  );
}

interface EntryProps {
  scrub: Scrub;
  place: string;
  onCancel: () => void;
  cancelling: boolean;
}

function ScrubEntry({ scrub, place, onCancel, cancelling }: EntryProps) {
  const { label, tone } = badgeOf(scrub);
  const running = scrub.state === "running";
  const percent = percentDone(scrub);
  return (
    <li className={classes.entry}>
      <div className={classes.lines}>
        <Group gap={8}>
          <StateBadge tone={tone}>{label}</StateBadge>
          <Text span>
            {scrub.percent} % of the files, {place}
          </Text>
        </Group>
        {running && <Progress value={percent} size="sm" my={4} aria-label={`Check of ${place}: ${percent} % done`} />}
        <Text component="span" size="xs" c="dimmed">
          {running && `${percent} % · `}
          {formatQuantity(scrub.objects, "object")} read, {formatBytes(scrub.bytes)} ·{" "}
          <Text span inherit c={scrub.damages > 0 ? "var(--mantine-color-error)" : "dimmed"}>
            {scrub.damages} damaged
          </Text>{" "}
          · {scrub.created_by} · <RelativeTime time={scrub.finished_at ?? scrub.created_at} />
        </Text>
      </div>
      {running && (
        <Button size="xs" variant="default" loading={cancelling} onClick={onCancel}>
          Cancel
        </Button>
      )}
    </li>
  );
}
