import { Anchor, Button, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ArrowRight, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "@/lib/http";
import classes from "./stat-card.module.css";

interface Query {
  isPending: boolean;
  error: Error | null;
  refetch: () => unknown;
}

interface Props {
  title: string;
  icon: LucideIcon;
  /** The page with the details, and its name. */
  to: string;
  linkLabel: string;
  query: Query;
  /** The figure; null until it is known. */
  value: ReactNode;
  detail?: ReactNode;
}

/** One figure of an overview, with its own loading and error. */
export function StatCard({ title, icon: Icon, to, linkLabel, query, value, detail }: Props) {
  return (
    <Paper withBorder component="section" radius="lg" className={classes.card} aria-label={title}>
      <Group gap={8} wrap="nowrap" c="dimmed">
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <Title order={2} fz="sm" fw={500}>
          {title}
        </Title>
      </Group>
      <Stack gap={4} className={classes.body}>
        <Body query={query} value={value} detail={detail} />
      </Stack>
      <Anchor component={Link} to={to} className={classes.link}>
        {linkLabel}
        <ArrowRight size={14} strokeWidth={1.75} aria-hidden />
      </Anchor>
    </Paper>
  );
}

function Body({ query, value, detail }: Pick<Props, "query" | "value" | "detail">) {
  if (value !== null) {
    return (
      <>
        <div className={classes.value}>{value}</div>
        {detail && <div className={classes.detail}>{detail}</div>}
      </>
    );
  }
  if (query.isPending) {
    return (
      <div role="status" aria-label="Loading">
        <Skeleton height={20} width="60%" mb={12} />
        <Skeleton height={12} width="80%" />
      </div>
    );
  }
  return <Failure query={query} />;
}

function Failure({ query }: { query: Query }) {
  const requestId = query.error instanceof ApiError && query.error.requestId;
  return (
    <Stack gap={8} role="alert" align="flex-start">
      <Text c="var(--mantine-color-error)" style={{ overflowWrap: "anywhere" }}>
        {query.error?.message ?? "Could not load this figure."}
      </Text>
      {requestId && (
        <Text size="xs" c="dimmed">
          Request ID: {requestId}
        </Text>
      )}
      <Button size="xs" variant="default" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </Stack>
  );
}
