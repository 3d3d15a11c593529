import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import {
  Activity,
  ArrowRightLeft,
  Folder,
  HardDrive,
  ListChecks,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  Users,
} from "lucide-react";
import { NavGroup } from "@/components/layout/nav-group";
import { NavItem } from "@/components/layout/nav-item";
import { ShellLayout } from "@/components/layout/shell-layout";
import { meQuery } from "@/features/auth/api/me";
import { UserMenu } from "@/features/auth/components/user-menu";
import { StorageBanner } from "@/features/storage/components/storage-banner";
import { DropZone } from "@/features/uploads/components/drop-zone";
import { TransfersButton } from "@/features/uploads/components/transfers-button";
import { UploadPanel } from "@/features/uploads/components/upload-panel";
import { signedOut } from "../session";
import { useOpenFolder } from "../use-open-folder";
import { GlobalSearch } from "./global-search";

export function Shell() {
  const { data: user } = useSuspenseQuery(meQuery);
  const folder = useOpenFolder();
  // for the moment between the end of a session and the login page
  if (!user) return null;
  return (
    <ShellLayout
      navigation={<Navigation superuser={user.role === "superuser"} />}
      search={<GlobalSearch />}
      actions={
        <>
          <TransfersButton />
          <UserMenu user={user} settingsPath="/settings" onSignedOut={signedOut} />
        </>
      }
    >
      <StorageBanner />
      <Outlet />
      <DropZone folder={folder} />
      <UploadPanel />
    </ShellLayout>
  );
}

function Navigation({ superuser }: { superuser: boolean }) {
  return (
    <>
      <NavItem to="/files" icon={Folder} label="Files" />
      {superuser && (
        <NavGroup label="Administration">
          <NavItem to="/admin" exact icon={Activity} label="Overview" />
          <NavItem to="/admin/storage" icon={HardDrive} label="Storage" />
          <NavItem to="/admin/migrations" icon={ArrowRightLeft} label="Moves" />
          <NavItem to="/admin/care" icon={ShieldCheck} label="Care" />
          <NavItem to="/admin/jobs" icon={ListChecks} label="Jobs" />
          <NavItem to="/admin/env" icon={SlidersHorizontal} label="Environment" />
          <NavItem to="/admin/users" icon={Users} label="Users" />
          <NavItem to="/admin/audit" icon={ScrollText} label="Audit" />
        </NavGroup>
      )}
    </>
  );
}
