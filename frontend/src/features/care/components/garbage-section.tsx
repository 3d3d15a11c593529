import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Facts } from "@/components/ui/facts";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Section } from "@/components/ui/section";
import { RelativeTime } from "@/components/ui/time";
import { formatBytes, formatCount, formatQuantity } from "@/lib/format";
import { useCollectGarbage } from "../api/collect-garbage";
import { type GarbagePlan, usePlanGarbage } from "../api/plan-garbage";
import { collectedText, isClean } from "../state";

/** Searches first, then deletes what was found and nothing else. */
export function GarbageSection() {
  const [asking, setAsking] = useState(false);
  const plan = usePlanGarbage();
  const collect = useCollectGarbage(() => {
    setAsking(false);
    plan.reset();
  });
  const look = () => {
    collect.reset();
    plan.mutate();
  };
  return (
    <Section
      title="Unused objects"
      description="Stored data that no file uses any more, and leftovers of interrupted uploads. Anything newer than a day is kept."
      action={
        <Button variant="default" loading={plan.isPending} onClick={look}>
          {plan.data ? "Search again" : "Find unused objects"}
        </Button>
      }
    >
      <Stack gap="md">
        <ProblemAlert error={plan.error} />
        {collect.data && (
          <Alert role="status" color="green" icon={<CircleCheck size={18} strokeWidth={1.75} />} title="Deleted">
            {collectedText(collect.data)} {formatBytes(collect.data.bytes)} freed.
          </Alert>
        )}
        {plan.isPending && <Text role="status">Searching all locations…</Text>}
        {plan.data && <Plan plan={plan.data} onCollect={() => setAsking(true)} />}
        {!plan.data && !plan.isPending && !collect.data && (
          <Text c="dimmed">Searching deletes nothing. You can review the result first.</Text>
        )}
      </Stack>
      <ConfirmDialog
        opened={asking && plan.data !== undefined}
        title="Delete unused objects?"
        confirmLabel="Delete"
        pending={collect.isPending}
        error={collect.error}
        onConfirm={() => plan.data && collect.mutate(plan.data)}
        onClose={() => setAsking(false)}
      >
        {plan.data && (
          <>
            {formatQuantity(plan.data.orphans, "unused object")} ({formatBytes(plan.data.bytes)}) and{" "}
            {formatQuantity(plan.data.leftovers, "upload leftover")} will be permanently deleted. Anything that a file
            has come to use in the meantime is kept.
          </>
        )}
      </ConfirmDialog>
    </Section>
  );
}

function Plan({ plan, onCollect }: { plan: GarbagePlan; onCollect: () => void }) {
  return (
    <Stack gap="md" role="group" aria-label="Search result">
      <Facts
        facts={[
          { label: "Unused objects", value: `${formatQuantity(plan.orphans, "object")}, ${formatBytes(plan.bytes)}` },
          { label: "Upload leftovers", value: formatCount(plan.leftovers) },
          ...(plan.oldest ? [{ label: "Oldest object", value: <RelativeTime time={plan.oldest} /> }] : []),
        ]}
      />
      <Skipped reasons={plan.skipped} />
      {isClean(plan) ? (
        <Text role="status">Nothing to delete.</Text>
      ) : (
        <Group>
          <Button color="red" onClick={onCollect}>
            Delete
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Skipped({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length === 0) return null;
  return (
    <Alert color="yellow" icon={<TriangleAlert size={18} strokeWidth={1.75} />} title="Not searched">
      <List>
        {reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
