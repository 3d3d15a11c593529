import { Paper } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyNote } from "@/components/ui/empty-note";
import { ErrorView } from "@/components/ui/error-view";
import { RowsSkeleton } from "@/components/ui/rows-skeleton";
import { StaleNote } from "@/components/ui/stale-note";
import { type Person, usersQuery } from "../api/list-users";
import { ActionDialog, type Asked } from "./action-dialog";
import { ResetPasswordDialog } from "./reset-password-dialog";
import { UserTable } from "./user-table";

export function UserList({ emptyAction }: { emptyAction: ReactNode }) {
  const query = useQuery(usersQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [forgetful, setForgetful] = useState<Person | null>(null);
  if (query.isPending) return <RowsSkeleton label="Loading users" rows={6} height={52} />;
  if (!query.data) {
    return <ErrorView title="Could not load the users" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return (
      <EmptyNote icon={Users} action={emptyAction}>
        No other users yet.
      </EmptyNote>
    );
  }
  return (
    <>
      <StaleNote error={query.error} onRetry={() => void query.refetch()} />
      <Paper withBorder radius="lg" px="lg" py="xs" style={{ borderColor: "var(--app-border)" }}>
        <UserTable
          people={query.data}
          onAction={(person, action) => setAsked({ person, action })}
          onResetPassword={setForgetful}
        />
      </Paper>
      <ActionDialog asked={asked} onClose={() => setAsked(null)} />
      <ResetPasswordDialog person={forgetful} onClose={() => setForgetful(null)} />
    </>
  );
}
