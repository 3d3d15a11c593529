import { Button, Code, Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { FileX, RefreshCw, TriangleAlert } from "lucide-react";
import { ApiError } from "@/lib/http";
import { CopyButton } from "./copy-button";

interface Props {
  title: string;
  error: unknown;
  onRetry: () => void;
  /** What to say of something that was there and is no more. */
  gone?: string;
}

/** What failed, why, what to do, and the id under which the server logged it. */
export function ErrorView({ title, error, onRetry, gone }: Props) {
  const problem = error instanceof ApiError ? error : null;
  if (gone !== undefined && problem?.status === 404) return <GoneView title={gone} />;
  return (
    <Stack role="alert" align="center" gap="sm" py={48} px="md" maw={520} mx="auto">
      <ThemeIcon variant="light" color="red" size={44} radius="xl" aria-hidden>
        <TriangleAlert size={20} strokeWidth={1.75} />
      </ThemeIcon>
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      <Text ta="center">{problem?.message ?? "Something went wrong. Reload the page and try again."}</Text>
      {problem?.hint && (
        <Text c="dimmed" ta="center">
          {problem.hint}
        </Text>
      )}
      <Button variant="default" leftSection={<RefreshCw size={16} strokeWidth={1.75} />} onClick={onRetry}>
        Try again
      </Button>
      {problem?.requestId && (
        <Group gap={4} wrap="nowrap">
          <Text size="xs" c="dimmed">
            Request ID
          </Text>
          <Code>{problem.requestId}</Code>
          <CopyButton label="Copy request ID" value={problem.requestId} />
        </Group>
      )}
    </Stack>
  );
}

/** Nothing that another attempt would mend. */
function GoneView({ title }: { title: string }) {
  return (
    <Stack role="alert" align="center" gap="xs" py={48} px="md" maw={520} mx="auto">
      <FileX size={36} strokeWidth={1.5} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center">
        It was deleted, or you no longer have access to it.
      </Text>
    </Stack>
  );
}
