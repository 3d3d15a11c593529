import { type Fact, Facts } from "@/components/ui/facts";
import { Section } from "@/components/ui/section";
import { RelativeTime } from "@/components/ui/time";
import { formatQuantity } from "@/lib/format";
import type { Migration } from "../api/list-migrations";

interface Props {
  migration: Migration;
  labelOf: (id: string) => string;
}

/** From where to where, how, by whom and when. */
export function MigrationFacts({ migration, labelOf }: Props) {
  const { created_by, started_at, finished_at, verify, grace_seconds } = migration;
  const facts: (Fact | null)[] = [
    { label: "From", value: labelOf(migration.source) },
    { label: "To", value: labelOf(migration.target) },
    { label: "Proof", value: VERIFY_LABELS[verify] },
    { label: "Old bytes", value: graceText(grace_seconds) },
    { label: "Started by", value: created_by },
    started_at ? { label: "Started", value: <RelativeTime time={started_at} /> } : null,
    finished_at ? { label: "Ended", value: <RelativeTime time={finished_at} /> } : null,
    { label: "Id", value: migration.id, code: true },
  ];
  return (
    <Section title="Details">
      <Facts facts={facts.filter((fact) => fact !== null)} />
    </Section>
  );
}

const VERIFY_LABELS: Record<Migration["verify"], string> = {
  read: "Every copy is read back and compared",
  checksum: "The storage compares the checksum",
};

function graceText(seconds: number): string {
  if (seconds === 0) return "Deleted as soon as a file has moved";
  return `Kept for ${formatQuantity(Math.round(seconds / 360) / 10, "hour")} after a file has moved`;
}
