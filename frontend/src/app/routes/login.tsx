import { Alert, Divider, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useRouter } from "@tanstack/react-router";
import { Clock, Terminal, TriangleAlert } from "lucide-react";
import { demoUsersQuery } from "@/features/auth/api/demo-users";
import { setupQuery } from "@/features/auth/api/set-up";
import { type Credentials, useSignIn } from "@/features/auth/api/sign-in";
import { DemoCards } from "@/features/auth/components/demo-cards";
import { PasswordForm } from "@/features/auth/components/password-form";
import { ThemeSwitch } from "@/features/auth/components/theme-switch";
import { ApiError } from "@/lib/http";
import { signedIn } from "../session";
import classes from "./login.module.css";
import { LoneCard } from "./lone-card";

const route = getRouteApi("/login");

export function LoginPage() {
  const { next, reason } = route.useSearch();
  const router = useRouter();
  const navigate = useNavigate();
  const demoUsers = useQuery(demoUsersQuery);
  const signIn = useSignIn((user) => {
    signedIn(user);
    if (next) router.history.push(next);
    else void navigate({ to: "/files", search: {} });
  });
  const chosen: Credentials | null = signIn.isPending ? signIn.variables : null;
  const pendingDemo = chosen && "demo" in chosen ? chosen.demo : null;
  const offered = demoUsers.data ?? [];
  const waitsForFirst = useQuery({ ...setupQuery, enabled: demoUsers.data === null }).data ?? false;

  return (
    <LoneCard width={400} below={<ThemeSwitch />}>
      <Stack gap="md">
        <Title order={1}>Sign in</Title>
        {reason === "expired" && !signIn.error && (
          <Alert
            color="yellow"
            variant="light"
            icon={<Clock size={18} strokeWidth={1.75} />}
            title="Your session has ended"
          >
            Sign in again to continue where you left off. Unfinished uploads will continue too.
          </Alert>
        )}
        {signIn.error && <SignInError error={signIn.error} />}
        {waitsForFirst && (
          <Alert variant="light" icon={<Terminal size={18} strokeWidth={1.75} />} title="No users yet">
            To create the first administrator, open the link that the server printed to its console.
          </Alert>
        )}
        {demoUsers.isPending && <CardsSkeleton />}
        {offered.length > 0 && (
          <>
            <Text c="dimmed">This is a demo. Choose a user to sign in as.</Text>
            <DemoCards users={offered} pending={pendingDemo} onChoose={(demo) => signIn.mutate({ demo })} />
            <Divider label="or sign in with a password" classNames={{ label: classes.dividerLabel }} />
          </>
        )}
        <PasswordForm
          primary={offered.length === 0}
          pending={signIn.isPending && pendingDemo === null}
          onSubmit={(username, password) => signIn.mutate({ username, password })}
        />
      </Stack>
    </LoneCard>
  );
}

function SignInError({ error }: { error: Error }) {
  const problem = error instanceof ApiError ? error : null;
  // no need to look up a wrong password in the server's log
  const requestId = problem && problem.status >= 500 && problem.requestId;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<TriangleAlert size={18} strokeWidth={1.75} />}
      title={problem?.message ?? "Could not sign in"}
    >
      {[problem?.hint, requestId && `Request ID: ${requestId}`].filter(Boolean).join(" ") || null}
    </Alert>
  );
}

/** Shown until it is known whether there are demo users. */
function CardsSkeleton() {
  return (
    <Stack gap={8} aria-hidden>
      <Skeleton height={56} radius="md" />
      <Skeleton height={56} radius="md" />
      <Skeleton height={56} radius="md" />
    </Stack>
  );
}
