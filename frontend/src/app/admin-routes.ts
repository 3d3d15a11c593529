import { createRoute, redirect } from "@tanstack/react-router";
import { auditSearch } from "@/features/audit/search";
import { lazyPage } from "./lazy-page";
import { rootRoute, signedInRoute, superuserRoute } from "./root-routes";

/*
 * Administration, settings and set-up: pages that most visits never open, each a file of its own that is loaded when
 * it is first shown.
 */

/** Below `superuserRoute`. */
export const adminRoutes = [
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin",
    component: lazyPage(() => import("./routes/admin/overview"), "AdminOverviewPage"),
    staticData: { title: "Overview" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/storage",
    component: lazyPage(() => import("./routes/admin/storage"), "AdminStoragePage"),
    staticData: { title: "Storage" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/env",
    validateSearch: (search: Record<string, unknown>): { q?: string | undefined; set?: boolean | undefined } => ({
      q: typeof search.q === "string" || typeof search.q === "number" ? String(search.q) : undefined,
      set: search.set === true ? true : undefined,
    }),
    component: lazyPage(() => import("./routes/admin/environment"), "AdminEnvironmentPage"),
    staticData: { title: "Environment" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/env/history",
    component: lazyPage(() => import("./routes/admin/environment-history"), "AdminEnvironmentHistoryPage"),
    staticData: { title: "Environment history" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/migrations",
    component: lazyPage(() => import("./routes/admin/migrations"), "AdminMigrationsPage"),
    staticData: { title: "Migrations" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/migrations/new",
    validateSearch: (search: Record<string, unknown>): { source?: string | undefined } => ({
      source: typeof search.source === "string" ? search.source : undefined,
    }),
    component: lazyPage(() => import("./routes/admin/migrations"), "AdminNewMigrationPage"),
    staticData: { title: "New migration" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/migrations/$id",
    component: lazyPage(() => import("./routes/admin/migrations"), "AdminMigrationPage"),
    staticData: { title: "Migration" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/users",
    component: lazyPage(() => import("./routes/admin/users"), "AdminUsersPage"),
    staticData: { title: "Users" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/maintenance",
    component: lazyPage(() => import("./routes/admin/care"), "AdminMaintenancePage"),
    staticData: { title: "Maintenance" },
  }),
  // the address of earlier versions
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/care",
    beforeLoad: () => {
      throw redirect({ to: "/admin/maintenance", replace: true });
    },
    staticData: { title: null },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/jobs",
    component: lazyPage(() => import("./routes/admin/jobs"), "AdminJobsPage"),
    staticData: { title: "Jobs" },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/audit",
    validateSearch: auditSearch,
    component: lazyPage(() => import("./routes/admin/audit"), "AdminAuditPage"),
    staticData: { title: "Audit" },
  }),
] as const;

const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings",
  component: lazyPage(() => import("./routes/settings"), "SettingsPage"),
  staticData: { title: "Settings" },
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true });
  },
  staticData: { title: null },
});
const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/profile",
  component: lazyPage(() => import("./routes/settings-sections"), "ProfileSettings"),
  staticData: { title: "Profile" },
});
const passwordRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/password",
  component: lazyPage(() => import("./routes/settings-sections"), "PasswordSettings"),
  staticData: { title: "Password" },
});
const tokensRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/tokens",
  component: lazyPage(() => import("./routes/settings-sections"), "TokenSettings"),
  staticData: { title: "API tokens" },
});
const sessionsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/sessions",
  component: lazyPage(() => import("./routes/settings-sections"), "SessionSettings"),
  staticData: { title: "Sessions" },
});
const appearanceRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/appearance",
  component: lazyPage(() => import("./routes/settings-sections"), "AppearanceSettings"),
  staticData: { title: "Appearance" },
});

/** Below `signedInRoute`. */
export const accountRoutes = [
  settingsRoute.addChildren([
    settingsIndexRoute,
    profileRoute,
    passwordRoute,
    tokensRoute,
    sessionsRoute,
    appearanceRoute,
  ]),
] as const;

/** Below `rootRoute`, open to everybody. */
export const openRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/setup",
    component: lazyPage(() => import("./routes/setup"), "SetupPage"),
    staticData: { title: "Set up" },
  }),
] as const;
