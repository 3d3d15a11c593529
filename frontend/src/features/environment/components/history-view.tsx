import { useState } from "react";
import { Section } from "@/components/ui/section";
import type { Applied } from "../api/apply-changes";
import { BackupList } from "./backup-list";
import { ChangeList } from "./change-list";
import { ChangeNotice } from "./change-notice";
import { WaitingChange } from "./waiting-change";

export function HistoryView() {
  const [outcome, setOutcome] = useState<Applied | null>(null);
  const finish = (applied: Applied) => {
    setOutcome(applied);
    window.scrollTo({ top: 0 });
  };
  return (
    <>
      <ChangeNotice applied={outcome} onClose={() => setOutcome(null)} />
      <Section title="Backups" description="Made automatically before each change. You can restore any of them.">
        <BackupList onRestored={finish} />
      </Section>
      <Section title="Changes" description="Who changed which variables. Values are not recorded.">
        <ChangeList />
      </Section>
      <WaitingChange />
    </>
  );
}
