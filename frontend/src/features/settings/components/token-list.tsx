import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StateBadge } from "@/components/ui/state-badge";
import { RelativeTime } from "@/components/ui/time";
import { type Token, tokensQuery } from "../api/list-tokens";
import { useRevokeToken } from "../api/revoke-token";
import { isExpired } from "../expiry";
import { rightsText } from "../rights";
import classes from "@/components/ui/entry-list.module.css";

export function TokenList({ emptyAction }: { emptyAction: ReactNode }) {
  const query = useQuery(tokensQuery);
  const [doomed, setDoomed] = useState<Token | null>(null);
  const revoke = useRevokeToken(() => {
    notifications.show({ title: "Token revoked", message: doomed?.name ?? "", color: "green" });
    setDoomed(null);
  });
  const close = () => {
    revoke.reset();
    setDoomed(null);
  };
  if (query.isPending) return <RowsSkeleton label="Loading tokens" rows={3} height={64} />;
  if (!query.data) {
    return <ErrorView title="Could not load the tokens" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return (
      <EmptyNote icon={KeyRound} action={emptyAction}>
        No tokens yet. Create one to use aishare from scripts or the command line.
      </EmptyNote>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label="Tokens">
        {query.data.map((token) => (
          <TokenEntry key={token.id} token={token} onRevoke={setDoomed} />
        ))}
      </ul>
      <ConfirmDialog
        opened={doomed !== null}
        title="Revoke this token?"
        confirmLabel="Revoke"
        pending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => doomed && revoke.mutate(doomed.id)}
        onClose={close}
      >
        Programs that use “{doomed?.name}” will stop working immediately. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}

function TokenEntry({ token, onRevoke }: { token: Token; onRevoke: (token: Token) => void }) {
  const expired = isExpired(token.expires_at);
  return (
    <li className={classes.entry}>
      <KeyRound size={20} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.lines}>
        <Group gap={8}>
          <Text component="span" fw={500}>
            {token.name}
          </Text>
          {expired && <StateBadge tone="bad">Expired</StateBadge>}
        </Group>
        <Text component="span" size="xs">
          {rightsText(token.scopes, token.folder)}
        </Text>
        <Text component="span" size="xs" c="dimmed">
          Created <RelativeTime time={token.created_at} />
          {" · "}
          {token.last_used_at ? (
            <>
              last used <RelativeTime time={token.last_used_at} />
            </>
          ) : (
            "never used"
          )}
          {" · "}
          {token.expires_at ? (
            <>
              {expired ? "expired" : "expires"} <RelativeTime time={token.expires_at} />
            </>
          ) : (
            "does not expire"
          )}
        </Text>
      </div>
      <Button variant="default" size="xs" aria-label={`Revoke ${token.name}`} onClick={() => onRevoke(token)}>
        Revoke
      </Button>
    </li>
  );
}
