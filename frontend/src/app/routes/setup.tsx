import { Button, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { setupQuery } from "@/features/auth/api/set-up";
import { SetupForm } from "@/features/auth/components/setup-form";
import { signedIn } from "../session";
import { LoneCard } from "./lone-card";

/** Creates the first administrator of a new installation, through the link that the server printed. */
export function SetupPage() {
  return (
    <LoneCard width={440}>
      <SetupContent />
    </LoneCard>
  );
}

function SetupContent() {
  // the part after # is never sent to a server, so the secret does not end up in a log
  const token = useLocation({ select: ({ hash }) => hash });
  const navigate = useNavigate();
  const needed = useQuery(setupQuery);
  if (needed.isPending) return <RowsSkeleton label="Loading" />;
  if (needed.data === undefined) {
    return <ErrorView title="Could not start the setup" error={needed.error} onRetry={() => void needed.refetch()} />;
  }
  if (!needed.data) return <AlreadySetUp />;
  if (!token) return <NoToken />;
  return (
    <Message title="Welcome to aishare" text="Create the first administrator. You can add other users later.">
      <SetupForm
        token={token}
        onDone={(user) => {
          signedIn(user);
          void navigate({ to: "/files", search: {}, replace: true });
        }}
      />
    </Message>
  );
}

function AlreadySetUp() {
  return (
    <Message
      title="This link has already been used"
      text="aishare already has an administrator, and a setup link works only once. Sign in, or ask an administrator for an account."
    >
      <Button fullWidth renderRoot={(props) => <Link to="/login" {...props} />}>
        Sign in
      </Button>
    </Message>
  );
}

function NoToken() {
  return (
    <Message
      title="This link is incomplete"
      text="The part after # is missing. Copy the whole link from the server's console; restarting aishare prints a new one."
    />
  );
}

function Message({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Title order={1}>{title}</Title>
        <Text c="dimmed">{text}</Text>
      </Stack>
      {children}
    </Stack>
  );
}
