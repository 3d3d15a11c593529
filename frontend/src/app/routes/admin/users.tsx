import { Button, Stack } from "@mantine/core";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { PageHeader } from "@/components/ui/page-header";
import { CreateUserDialog } from "@/features/users/components/create-user-dialog";
import { UserList } from "@/features/users/components/user-list";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

export function AdminUsersPage() {
  const [creating, setCreating] = useState(false);
  const button = (variant: "filled" | "default") => (
    <Button variant={variant} leftSection={<UserPlus size={16} strokeWidth={1.75} />} onClick={() => setCreating(true)}>
      New user
    </Button>
  );
  return (
    <Stack gap="lg">
      <PageCrumbs trail={[ADMINISTRATION, { label: "Users" }]} />
      <PageHeader title="Users" description="Who can sign in, and their roles." action={button("filled")} />
      <UserList emptyAction={button("default")} />
      <CreateUserDialog opened={creating} onClose={() => setCreating(false)} />
    </Stack>
  );
}
