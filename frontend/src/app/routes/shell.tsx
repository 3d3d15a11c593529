import { Outlet } from "@tanstack/react-router";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Folder } from "lucide-react";
import { NavItem } from "@/components/layout/nav-item";
import { ShellLayout } from "@/components/layout/shell-layout";
import { meQuery } from "@/features/auth/api/me";
import { UserMenu } from "@/features/auth/components/user-menu";
import { DropZone } from "@/features/uploads/components/drop-zone";
import { UploadPanel } from "@/features/uploads/components/upload-panel";
import { signedOut } from "../session";

export function Shell() {
  const { data: user } = useSuspenseQuery(meQuery);
  // for the moment between the end of a session and the login page
  if (!user) return null;
  return (
    <ShellLayout
      navigation={<NavItem to="/files" icon={Folder} label="Files" />}
      account={<UserMenu user={user} onSignedOut={signedOut} />}
    >
      <Outlet />
      <DropZone />
      <UploadPanel />
    </ShellLayout>
  );
}
