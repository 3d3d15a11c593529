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

/** First look, then delete what was found and nothing else. */
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
      title="Clean up"
      description="Bytes that no file needs any more, and what broken-off uploads left. Only what is older than a day counts."
      action={
        <Button variant="default" loading={plan.isPending} onClick={look}>
          {plan.data ? "Look again" : "Look for garbage"}
        </Button>
      }
    >
      <Stack gap="md">
        <ProblemAlert error={plan.error} />
        {collect.data && (
          <Alert role="status" color="green" icon={<CircleCheck size={18} strokeWidth={1.75} />} title="Cleaned up">
            {collectedText(collect.data)} {formatBytes(collect.data.bytes)} are free again.
          </Alert>
        )}
        {plan.isPending && <Text role="status">All locations are being looked through.</Text>}
        {plan.data && <Plan plan={plan.data} onCollect={() => setAsking(true)} />}
        {!plan.data && !plan.isPending && !collect.data && (
          <Text c="dimmed">Looking deletes nothing. You see what was found before anything goes.</Text>
        )}
      </Stack>
      <ConfirmDialog
        opened={asking && plan.data !== undefined}
        title="Delete this garbage?"
        confirmLabel="Delete"
        pending={collect.isPending}
        error={collect.error}
        onConfirm={() => plan.data && collect.mutate(plan.data)}
        onClose={() => setAsking(false)}
      >
        {plan.data && (
          <>
            {formatQuantity(plan.data.orphans, "orphan")} of {formatBytes(plan.data.bytes)} and{" "}
            {formatQuantity(plan.data.leftovers, "leftover")} are deleted for good. Each is looked at again first: what
            belongs to a file by then stays.
          </>
        )}
      </ConfirmDialog>
    </Section>
  );
}

function Plan({ plan, onCollect }: { plan: GarbagePlan; onCollect: () => void }) {
  return (
    <Stack gap="md" role="group" aria-label="What was found">
      <Facts
        facts={[
          { label: "Orphans", value: `${formatQuantity(plan.orphans, "object")}, ${formatBytes(plan.bytes)}` },
          { label: "Leftovers of uploads", value: formatCount(plan.leftovers) },
          { label: "Oldest orphan", value: plan.oldest && <RelativeTime time={plan.oldest} /> },
        ]}
      />
      <Skipped reasons={plan.skipped} />
      {isClean(plan) ? (
        <Text role="status">There is nothing to clean up.</Text>
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
    <Alert color="yellow" icon={<TriangleAlert size={18} strokeWidth={1.75} />} title="Not looked at">
      <List>
        {reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
