import { Button, Group, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { ShowMore } from "@/components/ui/show-more";
import { StaleNote } from "@/components/ui/stale-note";
import { formatQuantity } from "@/lib/format";
import { type Link, linksQuery, type LinkState } from "../api/list-links";
import { useRevokeLinks } from "../api/revoke-links";
import { revocable, toggled } from "../chosen";
import { isLinkState, stateLabel, STATES, targetName } from "../state";
import { LinkTable } from "./link-table";
import { UsesDialog } from "./uses-dialog";

interface Props {
  state: LinkState | null;
  onState: (state: LinkState | null) => void;
  /** What somebody without links is offered. */
  emptyAction: ReactNode;
}

/** The caller's links, of one state or all, with what can be done to one or to many. */
export function LinkList({ state, onState, emptyAction }: Props) {
  const query = useInfiniteQuery(linksQuery(state));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [doomed, setDoomed] = useState<readonly Link[]>([]);
  const [logged, setLogged] = useState<Link | null>(null);
  const links = query.data?.pages.flatMap((page) => page.items) ?? [];
  const wanted = revocable(links, chosen);
  const done = () => {
    setDoomed([]);
    setChosen(new Set());
  };
  return (
    <Stack gap="md">
      <Group gap="sm" mih={36}>
        <NativeSelect
          aria-label="State"
          w={160}
          data={[{ value: "", label: "All states" }, ...STATES.map((value) => ({ value, label: stateLabel(value) }))]}
          value={state ?? ""}
          onChange={(event) => onState(isLinkState(event.currentTarget.value) ? event.currentTarget.value : null)}
        />
        {wanted.length > 0 && (
          <Group gap="sm" role="toolbar" aria-label="Selection">
            <Text fw={500}>{formatQuantity(wanted.length, "link")} selected</Text>
            <Button variant="default" onClick={() => setDoomed(wanted)}>
              Revoke
            </Button>
            <Button variant="subtle" color="gray" onClick={() => setChosen(new Set())}>
              Clear
            </Button>
          </Group>
        )}
      </Group>
      <StaleNote error={links.length > 0 ? query.error : null} onRetry={() => void query.refetch()} />
      {query.isPending ? (
        <RowsSkeleton label="Loading links" rows={6} height={52} />
      ) : !query.data ? (
        <ErrorView title="Could not load links" error={query.error} onRetry={() => void query.refetch()} />
      ) : links.length === 0 ? (
        <EmptyNote icon={Link2} action={state === null && emptyAction}>
          {state === null
            ? "No links yet. To create one, choose Share in the menu of a file or folder."
            : emptyText(state)}
        </EmptyNote>
      ) : (
        <Paper withBorder radius="lg" px="lg" py="xs" style={{ borderColor: "var(--app-border)" }}>
          <LinkTable
            links={links}
            chosen={chosen}
            onToggle={(id) => setChosen(toggled(chosen, id))}
            onLog={setLogged}
            onRevoke={(link) => setDoomed([link])}
          />
        </Paper>
      )}
      <ShowMore query={query} />
      <RevokeDialog links={doomed} onDone={done} onClose={() => setDoomed([])} />
      {logged && <UsesDialog link={logged} onClose={() => setLogged(null)} />}
    </Stack>
  );
}

function emptyText(state: LinkState): string {
  return state === "live" ? "No active links." : `No link is ${stateLabel(state).toLowerCase()}.`;
}

interface RevokeProps {
  links: readonly Link[];
  onDone: () => void;
  onClose: () => void;
}

function RevokeDialog({ links, onDone, onClose }: RevokeProps) {
  const revoke = useRevokeLinks((count) => {
    notifications.show({ title: "Revoked", message: formatQuantity(count, "link"), color: "green" });
    onDone();
  });
  const [first] = links;
  const one = links.length === 1;
  return (
    <ConfirmDialog
      opened={first !== undefined}
      title={one ? "Revoke this link?" : `Revoke ${formatQuantity(links.length, "link")}?`}
      confirmLabel="Revoke"
      cancelLabel="Keep"
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(links.map(({ id }) => id))}
      onClose={() => {
        revoke.reset();
        onClose();
      }}
    >
      {one && first ? `The link to “${targetName(first)}” stops` : "They stop"} working immediately, for everyone who
      has {one ? "it" : "them"}. The log is kept, and you can create a new link at any time.
    </ConfirmDialog>
  );
}
