import { useState } from "react";
import { Section } from "@/components/ui/section";
import type { Applied } from "../api/apply-changes";
import { BackupList } from "./backup-list";
import { ChangeList } from "./change-list";
import { ChangeOutcome } from "./change-outcome";
import { WaitingChange } from "./waiting-change";

export function HistoryView() {
  const [outcome, setOutcome] = useState<Applied | null>(null);
  const finish = (applied: Applied) => {
    setOutcome(applied);
    window.scrollTo({ top: 0 });
  };
  return (
    <>
      {outcome && <ChangeOutcome applied={outcome} onClose={() => setOutcome(null)} />}
      <Section title="Backups" description="Made by themselves before each change. Each can be brought back.">
        <BackupList onRestored={finish} />
      </Section>
      <Section title="Changes" description="Who changed which variables; values are not kept here.">
        <ChangeList />
      </Section>
      <WaitingChange />
    </>
  );
}
