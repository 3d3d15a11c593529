import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Lock, Link2, Upload, User } from "lucide-react";
import { useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorView } from "@/components/ui/error-view";
import classes from "@/components/ui/entry-list.module.css";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { formatRelative } from "@/lib/format";
import { type Link, liveLinksQuery } from "../api/list-links";
import { useRevokeLinks } from "../api/revoke-links";
import { expiryOf, limitsOf, usesOf } from "../state";
import type { LinkTarget } from "../target";

interface Props {
  target: LinkTarget;
  kind: "download" | "request";
}

/** The active links to this file or folder. */
export function LiveLinks({ target, kind }: Props) {
  const query = useQuery(liveLinksQuery(target));
  if (query.isPending) return <RowsSkeleton label="Loading links" rows={1} height={64} />;
  if (!query.data) {
    return <ErrorView title="Could not load the links" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const links = query.data.filter((link) => (link.kind === "request") === (kind === "request"));
  if (links.length === 0) return null;
  return (
    <div>
      <Text component="h3" size="xs" c="dimmed" fw={500} m={0}>
        {kind === "request" ? "Open file requests" : "Active links"}
      </Text>
      <ul className={classes.list} aria-label="Active links">
        {links.map((link) => (
          <LiveLink key={link.id} link={link} />
        ))}
      </ul>
    </div>
  );
}

function LiveLink({ link }: { link: Link }) {
  const [asked, setAsked] = useState(false);
  const revoke = useRevokeLinks(() => undefined);
  const title = link.note ?? `Created ${formatRelative(link.created_at)}`;
  return (
    <li>
      <div className={classes.entry}>
        <LinkIcon link={link} />
        <div className={classes.lines}>
          <Text component="span" fw={500} lineClamp={2}>
            {title}
          </Text>
          <Text component="span" size="xs" c="dimmed">
            {[usesOf(link), expiryOf(link), ...limitsOf(link)].join(" · ")}
          </Text>
        </div>
        {asked ? (
          <Group gap={6} wrap="nowrap">
            <Button variant="default" size="xs" onClick={() => setAsked(false)} data-autofocus>
              Keep
            </Button>
            <Button color="red" size="xs" loading={revoke.isPending} onClick={() => revoke.mutate([link.id])}>
              Revoke
            </Button>
          </Group>
        ) : (
          <Group gap={6} wrap="nowrap">
            <CopyButton label={`Copy link ${title}`} value={link.url} />
            <Button variant="default" size="xs" aria-label={`Revoke link ${title}`} onClick={() => setAsked(true)}>
              Revoke
            </Button>
          </Group>
        )}
      </div>
      <ProblemAlert error={revoke.error} />
    </li>
  );
}

const ICON = { size: 20, strokeWidth: 1.75, "aria-hidden": true, className: classes.icon } as const;

function LinkIcon({ link: { kind, has_password: locked, username } }: { link: Link }) {
  if (kind === "request") return <Upload {...ICON} />;
  if (locked) return <Lock {...ICON} />;
  return username === null ? <Link2 {...ICON} /> : <User {...ICON} />;
}
