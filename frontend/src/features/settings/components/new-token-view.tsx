import { Alert, Button, Group, Stack } from "@mantine/core";
import { Info } from "lucide-react";
import { CopyField } from "@/components/ui/copy-field";
import type { NewToken } from "../api/create-token";
import { curlLine } from "../expiry";

export function NewTokenView({ token, onDone }: { token: NewToken; onDone: () => void }) {
  return (
    <Stack gap="md">
      <Alert color="yellow" icon={<Info size={18} strokeWidth={1.75} />} title="This is shown once">
        Whoever has this token may do with it what you may, or the part that you chose. Keep it where you keep
        passwords; a lost one can be revoked and replaced.
      </Alert>
      <CopyField label={`Token “${token.name}”`} value={token.token} />
      <CopyField label="Try it in a shell" value={curlLine(window.location.origin, token.token)} />
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
