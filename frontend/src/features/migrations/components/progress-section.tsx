import { Progress, Stack, Text, VisuallyHidden } from "@mantine/core";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { formatBytes, formatCount, formatDuration, formatQuantity } from "@/lib/format";
import type { Migration } from "../api/list-migrations";
import { hasManifest, isWorking, percentDone, STATES, toneOf } from "../state";
import { MigrationActions } from "./migration-actions";
import classes from "./progress-section.module.css";

/** The bar, how fast it goes and how long it takes, and what one can do. */
export function ProgressSection({ migration }: { migration: Migration }) {
  const percent = percentDone(migration);
  const { label } = STATES[migration.state];
  const tone = toneOf(migration);
  return (
    <Section title="Progress" action={<StateBadge tone={tone}>{label}</StateBadge>}>
      <Stack gap="md">
        <Progress
          value={percent}
          size="lg"
          aria-label={`Moved: ${percent} %`}
          animated={isWorking(migration)}
          color={hasManifest(migration) ? COLORS[tone] : "indigo"}
        />
        <dl className={classes.figures}>
          {figuresOf(migration, percent).map(([name, value, detail]) => (
            <div key={name}>
              <dt className={classes.name}>{name}</dt>
              <dd className={classes.value}>
                {value}
                {detail && <span className={classes.detail}>{detail}</span>}
              </dd>
            </div>
          ))}
        </dl>
        <Text c="dimmed">{sentenceOf(migration)}</Text>
        {/* read aloud at each change of the state, not of every figure */}
        <VisuallyHidden role="status">{label}</VisuallyHidden>
        <MigrationActions migration={migration} />
      </Stack>
    </Section>
  );
}

const COLORS = { good: "green", warning: "yellow", bad: "red", neutral: "gray" } as const;

type Figure = readonly [name: string, value: string, detail?: string];

function figuresOf(migration: Migration, percent: number): Figure[] {
  const { objects_done, objects_total, bytes_done, bytes_total } = migration;
  const totals: Figure[] = [
    ["Done", `${percent} %`],
    ["Objects", formatCount(objects_done), `of ${formatCount(objects_total)}`],
    ["Size", formatBytes(bytes_done), `of ${formatBytes(bytes_total)}`],
  ];
  if (!isWorking(migration)) return totals;
  return [...totals, ...speedsOf(migration)];
}

/** While it is rolled back the counts go down; the speed is one all the same. */
function speedsOf({ objects_per_second, bytes_per_second_now, eta_seconds }: Migration): Figure[] {
  const objects = objects_per_second === null ? "–" : formatCount(Math.round(Math.abs(objects_per_second) * 10) / 10);
  const bytes = bytes_per_second_now === null ? "–" : formatBytes(Math.abs(bytes_per_second_now));
  return [
    ["Objects/s", objects],
    ["Bytes/s", bytes],
    ["Time left", eta_seconds === null ? "–" : formatDuration(eta_seconds)],
  ];
}

function sentenceOf({ state, objects_skipped, failures }: Migration): string {
  const sentences = [
    state === "completed" && failures > 0 ? "All that could be moved is in the new location." : SENTENCES[state],
    failures > 0 && `${formatQuantity(failures, "object")} could not be moved.`,
    objects_skipped > 0 && `${formatQuantity(objects_skipped, "object")} went away or changed meanwhile.`,
  ];
  return sentences.filter(Boolean).join(" ");
}

const SENTENCES: Record<Migration["state"], string> = {
  planned: "Not started.",
  running: "Everybody goes on working: each file is read where it lies.",
  paused: "Nothing is copied until you resume. Files can be read and changed as always.",
  completed: "Every object is in the new location and was proven there.",
  failed: "All that could be moved is in the new location. What could not is where it was, and can be tried again.",
  cancelled: "What has moved stays in the new location, the rest in the old one.",
  rolling_back: "Files are proven in the old location and read from it again.",
  rolled_back: "Files whose bytes were still in the old location are read from it again.",
};
