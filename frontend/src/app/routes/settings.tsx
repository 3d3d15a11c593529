import { Stack } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { KeyRound, Lock, MonitorSmartphone, SunMoon, User } from "lucide-react";
import { NavItem } from "@/components/layout/nav-item";
import { PageHeader } from "@/components/ui/page-header";
import { PageCrumbs } from "../page-crumbs";
import classes from "./settings.module.css";

/** The settings of a user's own account; each section has its own address. */
export function SettingsPage() {
  return (
    <Stack gap="lg" maw={960}>
      <PageCrumbs trail={[{ label: "Settings" }]} />
      <PageHeader title="Settings" />
      <div className={classes.columns}>
        <nav aria-label="Settings" className={classes.nav}>
          <NavItem to="/settings/profile" icon={User} label="Profile" />
          <NavItem to="/settings/password" icon={Lock} label="Password" />
          <NavItem to="/settings/tokens" icon={KeyRound} label="API tokens" />
          <NavItem to="/settings/sessions" icon={MonitorSmartphone} label="Sessions" />
          <NavItem to="/settings/appearance" icon={SunMoon} label="Appearance" />
        </nav>
        <Outlet />
      </div>
    </Stack>
  );
}
