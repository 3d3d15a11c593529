import { Progress, Stack, Text, VisuallyHidden } from "@mantine/core";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import type { Migration } from "../api/list-migrations";
import { isOpen, isWorking, percentDone, STATES, toneOf } from "../state";
import { figuresOf, summaryOf } from "../summary";
import { MigrationActions } from "./migration-actions";
import classes from "./progress-section.module.css";

/** The bar, what is known of it in numbers and in words, and what one can do. */
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
          aria-label={`Done: ${percent} %`}
          animated={isWorking(migration)}
          color={isOpen(migration) ? "indigo" : COLORS[tone]}
        />
        <dl className={classes.figures}>
          {figuresOf(migration).map(([name, value, detail]) => (
            <div key={name}>
              <dt className={classes.name}>{name}</dt>
              <dd className={classes.value}>
                {value}
                {detail && <span className={classes.detail}>{detail}</span>}
              </dd>
            </div>
          ))}
        </dl>
        <Text c="dimmed">{summaryOf(migration)}</Text>
        {/* read aloud at each change of the state, not of every figure */}
        <VisuallyHidden role="status">{label}</VisuallyHidden>
        <MigrationActions migration={migration} />
      </Stack>
    </Section>
  );
}

const COLORS = { good: "green", warning: "yellow", bad: "red", neutral: "gray" } as const;
