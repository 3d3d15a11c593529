import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { EmptyNote } from "@/components/ui/empty-note";
import { Section } from "@/components/ui/section";
import { PackageCheck } from "lucide-react";
import type { Migration } from "../api/list-migrations";
import { PlanSection } from "./plan-section";
import { SourceChoice, type Source } from "./source-choice";

interface Props {
  /** Locations with files that new ones do not go to. */
  sources: readonly Source[];
  /** The active location. */
  target: { id: string; label: string };
  /** Chosen before, on another page. */
  preferred: string | undefined;
  onStarted: (migration: Migration) => void;
}

/** From where, what it would mean, how; then it starts. */
export function NewMigration({ sources, target, preferred, onStarted }: Props) {
  const only = sources.length === 1 ? sources[0]?.id : undefined;
  const [source, setSource] = useState(sources.find(({ id }) => id === preferred)?.id ?? only ?? null);
  if (sources.length === 0) {
    return (
      <EmptyNote icon={PackageCheck}>
        All files are in the active storage location. To move them, first switch to another storage, then come back
        here.
      </EmptyNote>
    );
  }
  return (
    <Stack gap="md">
      <Section
        title="From"
        description={
          <>
            Files are moved to the active storage location, <strong>{target.label}</strong>.
          </>
        }
      >
        <SourceChoice sources={sources} value={source} onChange={setSource} />
      </Section>
      {source === null ? (
        <Text c="dimmed">Choose a storage location to see the plan.</Text>
      ) : (
        <PlanSection key={source} source={source} target={target.id} onStarted={onStarted} />
      )}
    </Stack>
  );
}
