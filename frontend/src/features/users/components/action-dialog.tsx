import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ProblemAlert } from "@/components/ui/problem-alert";
import type { UserAction } from "../actions";
import { useChangeUser } from "../api/change-user";
import type { Person } from "../api/list-users";

export interface Asked {
  person: Person;
  action: UserAction;
}

/** Asks before changing a user, and shows why the server refused, for example for the last administrator. */
export function ActionDialog({ asked, onClose }: { asked: Asked | null; onClose: () => void }) {
  const change = useChangeUser(() => {
    notifications.show({ title: "User updated", message: asked?.action.done ?? "", color: "green" });
    onClose();
  });
  const close = () => {
    change.reset();
    onClose();
  };
  const confirm = () => asked && change.mutate({ person: asked.person, change: asked.action.change });
  const takesAway = asked?.action.id === "disable" || asked?.action.id === "demote";
  return (
    <Modal
      opened={asked !== null}
      onClose={close}
      title={asked?.action.question}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
    >
      <Stack gap="md">
        <Text>{asked?.action.effect}</Text>
        <ProblemAlert error={change.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {change.isError ? "Close" : "Cancel"}
          </Button>
          {!change.isError && (
            <Button color={takesAway ? "red" : "indigo"} loading={change.isPending} onClick={confirm}>
              {asked?.action.label}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
