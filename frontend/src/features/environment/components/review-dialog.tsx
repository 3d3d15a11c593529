import { Alert, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { MarkedText } from "@/components/ui/marked-text";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { ApiError } from "@/lib/http";
import { formatQuantity } from "@/lib/format";
import { type Applied, useApplyChanges } from "../api/apply-changes";
import { type Reviewed, useReviewChanges } from "../api/review-changes";
import type { Batch } from "../drafts";
import { DifferenceList } from "./difference-list";

interface Named {
  variable: string | null;
  message: string;
}

interface Props {
  batch: Batch;
  /** Edits of another file, which are a change of their own. */
  next: Batch | undefined;
  renderTest: (test: NonNullable<Reviewed["test"]>) => ReactNode;
  backLabel?: string;
  onRefused: (problems: readonly Named[]) => void;
  onRefresh: () => Promise<void>;
  onApplied: (applied: Applied) => void;
  onClose: () => void;
}

/** What the edits would do, checked by the server, and the button that does it. */
export function ReviewDialog(props: Props) {
  const { batch, next, renderTest, backLabel = "Back to the fields", onRefused, onApplied, onClose } = props;
  const review = useReviewChanges(({ problems }) => onRefused(problems));
  const apply = useApplyChanges(onApplied);
  const { mutate: check } = review;
  // once for each state of the file: loading the new state changes the version
  const { file, version } = batch;
  const [first] = useState(batch);
  useEffect(() => check({ ...first, file, version }), [check, first, file, version]);
  const reviewed = review.data;
  const error = apply.error ?? review.error;
  const seconds = reviewed?.confirm_seconds ?? 0;
  const refuse = (failed: Error) => {
    if (failed instanceof ApiError && failed.problems.length > 0) onRefused(failed.problems);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Review changes to ${file}`}
      styles={{ title: { fontWeight: 600 } }}
    >
      <Stack gap="md">
        {review.isPending && <RowsSkeleton label="Checking the changes" rows={3} />}
        {reviewed && <Verdict reviewed={reviewed} renderTest={renderTest} />}
        {reviewed?.ok && seconds > 0 && (
          <Text>
            This changes how files are stored. It is undone automatically after {seconds} seconds unless you keep it.
            Existing files can be read all the time.
          </Text>
        )}
        {reviewed?.ok && next && (
          <Text c="dimmed">
            Next: {formatQuantity(Object.keys(next.changes).length, "change")} to {next.file}.
          </Text>
        )}
        <Refusal error={error} onRefresh={props.onRefresh} onFresh={() => apply.reset()} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {backLabel}
          </Button>
          <Button
            disabled={!reviewed?.ok || review.isPending}
            loading={apply.isPending}
            onClick={() => apply.mutate({ ...batch, seconds }, { onError: refuse })}
          >
            Apply
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Verdict({ reviewed, renderTest }: { reviewed: Reviewed; renderTest: Props["renderTest"] }) {
  const { problems, diff, test } = reviewed;
  return (
    <>
      {problems.length > 0 && (
        <Alert
          role="alert"
          color="red"
          icon={<TriangleAlert size={18} strokeWidth={1.75} />}
          title={`Cannot be applied: ${formatQuantity(problems.length, "problem")}`}
        >
          <List listStyleType="none" spacing={4}>
            {problems.map(({ message }) => (
              <List.Item key={message} style={{ overflowWrap: "anywhere" }}>
                <MarkedText>{message}</MarkedText>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {problems.length === 0 && <DifferenceList diff={diff} />}
      {test && renderTest(test)}
    </>
  );
}

interface RefusalProps {
  error: Error | null;
  onRefresh: () => Promise<void>;
  onFresh: () => void;
}

/** A conflict is no dead end: the new state is loaded, and the edits stay. */
function Refusal({ error, onRefresh, onFresh }: RefusalProps) {
  const [loading, setLoading] = useState(false);
  const conflict = error instanceof ApiError && error.status === 409;
  const load = async () => {
    setLoading(true);
    await onRefresh().then(onFresh, () => undefined);
    setLoading(false);
  };
  return (
    <>
      <ProblemAlert error={error} />
      {conflict && (
        <Group gap="sm">
          <Button variant="default" loading={loading} onClick={() => void load()}>
            Load the current values
          </Button>
          <Text c="dimmed">Your edits are kept.</Text>
        </Group>
      )}
    </>
  );
}
