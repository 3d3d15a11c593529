import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { PathText } from "@/components/ui/path-text";
import { formatBytes, formatQuantity, formatRelative } from "@/lib/format";
import type { Answer, Clash } from "../clashes";
import type { UploadQueue } from "../queue";
import type { Upload } from "../upload";

interface Props {
  uploads: readonly Upload[];
  queue: UploadQueue;
}

/** Asks about names that are taken, one after the other or all at once. */
export default function ClashDialog({ uploads, queue }: Props) {
  const asking = uploads.filter((upload) => upload.state === "asking");
  const [upload] = asking;
  if (!upload?.clash) return null;
  return <Question key={upload.id} upload={upload} clash={upload.clash} others={asking.length - 1} queue={queue} />;
}

interface QuestionProps {
  upload: Upload;
  clash: Clash;
  others: number;
  queue: UploadQueue;
}

function Question({ upload, clash, others, queue }: QuestionProps) {
  const [all, setAll] = useState(false);
  const answer = (given: Answer) => () => queue.answer(upload.id, given, all);
  return (
    <Modal
      opened
      onClose={() => queue.cancelAsking()}
      title={others > 0 ? `${formatQuantity(others + 1, "file")} already exist` : TITLES[clash.with]}
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ "aria-label": "Cancel" }}
    >
      <Stack gap="md">
        <Stack gap={4}>
          <Text component="div" fw={500}>
            <PathText path={upload.path} />
          </Text>
          <Text size="sm" c="dimmed">
            {inTheWay(clash)}
          </Text>
          <Text size="sm" c="dimmed">
            New file: {formatBytes(upload.size)}
          </Text>
        </Stack>
        {others > 0 && (
          <Checkbox
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
            label={`Do the same for the other ${formatQuantity(others, "file")}`}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={answer("skip")}>
            Skip
          </Button>
          <Button variant="default" onClick={answer("keep-both")} data-autofocus>
            Keep both
          </Button>
          {clash.with !== "folder" && (
            <Button color="red" onClick={answer("replace")}>
              Replace
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

const TITLES: Record<Clash["with"], string> = {
  file: "This file already exists",
  folder: "A folder with this name already exists",
  upload: "Two files have the same name",
};

function inTheWay(clash: Clash): string {
  if (clash.with === "folder") return "A file cannot replace a folder.";
  if (clash.with === "upload") return `Other chosen file: ${formatBytes(clash.size)}`;
  const existing = `${formatBytes(clash.size)}, modified ${formatRelative(clash.modifiedAt)}`;
  return clash.changed ? `It has changed in the meantime: ${existing}` : `Existing file: ${existing}`;
}
