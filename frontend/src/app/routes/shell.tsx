import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import {
  Activity,
  ArrowRightLeft,
  Folder,
  HardDrive,
  Inbox,
  Link2,
  ListChecks,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  Users,
} from "lucide-react";
import { NavGroup } from "@/components/layout/nav-group";
import { NavItem } from "@/components/layout/nav-item";
import { ShellLayout } from "@/components/layout/shell-layout";
import { LocationShownContext } from "@/components/preview/location-shown";
import { meQuery } from "@/features/auth/api/me";
import { UserMenu } from "@/features/auth/components/user-menu";
import { StorageBanner } from "@/features/storage/components/storage-banner";
import { into } from "@/features/uploads/collect";
import { DropZone } from "@/features/uploads/components/drop-zone";
import { TransfersButton } from "@/features/uploads/components/transfers-button";
import { UploadPanel } from "@/features/uploads/components/upload-panel";
import { uploadQueue } from "@/features/uploads/queue";
import { signedOut } from "../session";
import { useOpenFolder } from "../use-open-folder";
import { GlobalSearch } from "./global-search";

export function Shell() {
  const { data: user } = useSuspenseQuery(meQuery);
  const folder = useOpenFolder();
  // a shared folder has a drop zone of its own, or accepts no files
  const ownFiles = useRouterState({ select: (state) => !state.location.pathname.startsWith("/shared/") });
  // the moment between the end of a session and the sign-in page
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
      <LocationShownContext value={user.role === "superuser"}>
        <Outlet />
      </LocationShownContext>
      {ownFiles && <DropZone place={folder} onFiles={(collected) => uploadQueue.add(into(folder, collected))} />}
      <UploadPanel />
    </ShellLayout>
  );
}

function Navigation({ superuser }: { superuser: boolean }) {
  return (
    <>
      <NavItem to="/files" icon={Folder} label="Files" />
      <NavItem to="/shared" icon={Inbox} label="Shared with me" />
      <NavItem to="/links" icon={Link2} label="My links" />
      {superuser && (
        <NavGroup label="Administration">
          <NavItem to="/admin" exact icon={Activity} label="Overview" />
          <NavItem to="/admin/storage" icon={HardDrive} label="Storage" />
          <NavItem to="/admin/migrations" icon={ArrowRightLeft} label="Migrations" />
          <NavItem to="/admin/maintenance" icon={ShieldCheck} label="Maintenance" />
          <NavItem to="/admin/jobs" icon={ListChecks} label="Jobs" />
          <NavItem to="/admin/env" icon={SlidersHorizontal} label="Environment" />
          <NavItem to="/admin/users" icon={Users} label="Users" />
          <NavItem to="/admin/audit" icon={ScrollText} label="Audit" />
        </NavGroup>
      )}
    </>
  );
}
