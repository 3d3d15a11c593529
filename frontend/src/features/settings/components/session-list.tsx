import { Badge, Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { RelativeTime } from "@/components/ui/time";
import { useEndSession } from "../api/end-session";
import { type Session, sessionsQuery } from "../api/list-sessions";
import { describeDevice, isHandheld } from "../device";
import classes from "@/components/ui/entry-list.module.css";

export function SessionList() {
  const query = useQuery(sessionsQuery);
  const [doomed, setDoomed] = useState<Session | null>(null);
  const end = useEndSession(() => {
    setDoomed(null);
    notifications.show({ title: "Signed out", message: "The device has to sign in again.", color: "green" });
  });
  const close = () => {
    end.reset();
    setDoomed(null);
  };
  if (query.isPending) return <RowsSkeleton label="Loading sessions" rows={2} height={64} />;
  if (!query.data) {
    return <ErrorView title="Could not load the sessions" error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      <ul className={classes.list} aria-label="Sessions">
        {query.data.map((session) => (
          <SessionEntry key={session.id} session={session} onEnd={setDoomed} />
        ))}
      </ul>
      <ConfirmDialog
        opened={doomed !== null}
        title="Sign out this device?"
        confirmLabel="Sign out"
        pending={end.isPending}
        error={end.error}
        onConfirm={() => doomed && end.mutate(doomed.id)}
        onClose={close}
      >
        {describeDevice(doomed?.user_agent ?? null)} will have to sign in again. Uploads in progress on it will stop.
      </ConfirmDialog>
    </>
  );
}

function SessionEntry({ session, onEnd }: { session: Session; onEnd: (session: Session) => void }) {
  const device = describeDevice(session.user_agent);
  const Icon = isHandheld(session.user_agent) ? Smartphone : Monitor;
  return (
    <li className={classes.entry}>
      <Icon size={20} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.lines}>
        <Group gap={8}>
          <Text component="span" fw={500} title={session.user_agent}>
            {device}
          </Text>
          {session.current && <Badge color="indigo">This device</Badge>}
        </Group>
        <Text component="span" size="xs" c="dimmed">
          {session.address && `${session.address} · `}last used <RelativeTime time={session.last_seen_at} />
          {" · signed in "}
          <RelativeTime time={session.created_at} />
        </Text>
      </div>
      {!session.current && (
        <Button variant="default" size="xs" aria-label={`Sign out ${device}`} onClick={() => onEnd(session)}>
          Sign out
        </Button>
      )}
    </li>
  );
}
