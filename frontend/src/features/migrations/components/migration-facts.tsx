import { type Fact, Facts } from "@/components/ui/facts";
import { Section } from "@/components/ui/section";
import { RelativeTime } from "@/components/ui/time";
import { formatAbsolute, formatDuration, formatQuantity } from "@/lib/format";
import type { Migration } from "../api/list-migrations";

interface Props {
  migration: Migration;
  labelOf: (id: string) => string;
}

/** From where to where, how, by whom and when. */
export function MigrationFacts({ migration, labelOf }: Props) {
  const { created_by, started_at, finished_at, verify, grace_seconds, took_seconds, rollback } = migration;
  const facts: (Fact | null)[] = [
    { label: "From", value: labelOf(migration.source) },
    { label: "To", value: labelOf(migration.target) },
    { label: "Verification", value: VERIFY_LABELS[verify] },
    { label: "Old copies", value: graceText(grace_seconds) },
    { label: "Started by", value: created_by },
    started_at ? { label: "Started", value: <Moment time={started_at} /> } : null,
    rollback?.started_at ? { label: "Rollback started", value: <Moment time={rollback.started_at} /> } : null,
    finished_at ? { label: "Finished", value: <Moment time={finished_at} /> } : null,
    took_seconds === null ? null : { label: rollback ? "Rollback took" : "Took", value: formatDuration(took_seconds) },
    { label: "Id", value: migration.id, code: true },
  ];
  return (
    <Section title="Details">
      <Facts facts={facts.filter((fact) => fact !== null)} />
    </Section>
  );
}

function Moment({ time }: { time: string }) {
  return (
    <>
      {formatAbsolute(time)} (<RelativeTime time={time} />)
    </>
  );
}

const VERIFY_LABELS: Record<Migration["verify"], string> = {
  read: "Each copy is read back and compared",
  checksum: "The storage compares checksums",
};

function graceText(seconds: number): string {
  if (seconds === 0) return "Deleted as soon as a file is moved";
  return `Kept for ${formatQuantity(Math.round(seconds / 360) / 10, "hour")} after a file is moved`;
}
