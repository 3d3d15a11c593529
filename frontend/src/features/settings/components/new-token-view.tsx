import { Alert, Button, Group, Stack } from "@mantine/core";
import { Info } from "lucide-react";
import { CopyField } from "@/components/ui/copy-field";
import type { NewToken } from "../api/create-token";
import { curlLine } from "../expiry";

export function NewTokenView({ token, onDone }: { token: NewToken; onDone: () => void }) {
  return (
    <Stack gap="md">
      <Alert color="yellow" icon={<Info size={18} strokeWidth={1.75} />} title="This token is shown only once">
        Anyone who has it can act as you, within the permissions you chose. Store it like a password. If you lose it,
        revoke it and create a new one.
      </Alert>
      <CopyField label={`Token “${token.name}”`} value={token.token} />
      <CopyField label="Try it in a terminal" value={curlLine(window.location.origin, token.token)} />
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
