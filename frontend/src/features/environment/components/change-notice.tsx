import { Alert, Stack, Text } from "@mantine/core";
import { CircleCheck, History, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Applied } from "../api/apply-changes";
import type { Change } from "../api/list-changes";
import { endingOf, isNews } from "../changes";
import { useNewestChange } from "../use-newest-change";
import { AppliedNotice } from "./applied-notice";
import { VariableNames } from "./variable-names";

interface Props {
  /** What was applied on this page. */
  applied: Applied | null;
  onClose: () => void;
}

/** What became of the last change, whoever made or ended it: on this page, in another tab, or by itself. */
export function ChangeNotice({ applied, onClose }: Props) {
  const { change, seen } = useNewestChange();
  const [closed, setClosed] = useState<string | null>(null);
  const close = () => {
    setClosed(change?.id ?? null);
    onClose();
  };
  const ended = change !== null && hasEnded(change, seen) && change.id !== closed ? change : null;
  if (applied && !isOver(applied, change)) return <AppliedNotice applied={applied} onClose={close} />;
  return ended && <EndedNotice change={ended} onClose={close} />;
}

function hasEnded(change: Change, seen: string | null): boolean {
  const kept = change.state === "confirmed" || change.state === "reverted";
  if (change.id === seen) return kept || change.state === "failed";
  return kept && isNews(change, Date.now());
}

/** It has ended, or another one was made since. */
function isOver({ change: own }: Applied, newest: Change | null): boolean {
  if (!own || !newest) return false;
  return newest.id === own.id ? newest.state !== own.state : newest.number > own.number;
}

const ICON = { size: 18, strokeWidth: 1.75 } as const;

function EndedNotice({ change, onClose }: { change: Change; onClose: () => void }) {
  const { color, icon } = LOOKS[change.expired ? "expired" : change.state];
  const undone = change.state === "reverted";
  return (
    <Alert
      role="status"
      color={color}
      icon={icon}
      title={titleOf(change)}
      withCloseButton
      closeButtonLabel="Close the result"
      onClose={onClose}
    >
      <Stack gap={6}>
        {change.state === "failed" && <Text>{change.problem}</Text>}
        {undone && <Text>The old values are in use again.</Text>}
        <VariableNames names={change.names} />
      </Stack>
    </Alert>
  );
}

function titleOf(change: Change): string | null {
  if (change.state === "failed") return "The change could not be undone";
  const ending = endingOf(change);
  return ending && !change.expired ? `Change ${ending.charAt(0).toLowerCase()}${ending.slice(1)}` : ending;
}

const KEPT = { color: "green", icon: <CircleCheck {...ICON} /> };
const UNDONE = { color: "blue", icon: <History {...ICON} /> };
const LOOKS: Record<Change["state"] | "expired", { color: string; icon: ReactNode }> = {
  applied: KEPT,
  waiting: UNDONE,
  confirmed: KEPT,
  reverted: UNDONE,
  expired: { color: "orange", icon: <History {...ICON} /> },
  failed: { color: "red", icon: <TriangleAlert {...ICON} /> },
};
