import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { auditSearch } from "@/features/audit/search";
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
    component: lazyRouteComponent(() => import("./routes/admin/overview"), "AdminOverviewPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/storage",
    component: lazyRouteComponent(() => import("./routes/admin/storage"), "AdminStoragePage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/env",
    validateSearch: (search: Record<string, unknown>): { q?: string | undefined; set?: boolean | undefined } => ({
      q: typeof search.q === "string" || typeof search.q === "number" ? String(search.q) : undefined,
      set: search.set === true ? true : undefined,
    }),
    component: lazyRouteComponent(() => import("./routes/admin/environment"), "AdminEnvironmentPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/env/history",
    component: lazyRouteComponent(() => import("./routes/admin/environment-history"), "AdminEnvironmentHistoryPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/migrations",
    component: lazyRouteComponent(() => import("./routes/admin/migrations"), "AdminMigrationsPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/migrations/new",
    validateSearch: (search: Record<string, unknown>): { source?: string | undefined } => ({
      source: typeof search.source === "string" ? search.source : undefined,
    }),
    component: lazyRouteComponent(() => import("./routes/admin/migrations"), "AdminNewMigrationPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/migrations/$id",
    component: lazyRouteComponent(() => import("./routes/admin/migrations"), "AdminMigrationPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/users",
    component: lazyRouteComponent(() => import("./routes/admin/users"), "AdminUsersPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/maintenance",
    component: lazyRouteComponent(() => import("./routes/admin/care"), "AdminMaintenancePage"),
  }),
  // the address of earlier versions
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/care",
    beforeLoad: () => {
      throw redirect({ to: "/admin/maintenance", replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/jobs",
    component: lazyRouteComponent(() => import("./routes/admin/jobs"), "AdminJobsPage"),
  }),
  createRoute({
    getParentRoute: () => superuserRoute,
    path: "/admin/audit",
    validateSearch: auditSearch,
    component: lazyRouteComponent(() => import("./routes/admin/audit"), "AdminAuditPage"),
  }),
] as const;

const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./routes/settings"), "SettingsPage"),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true });
  },
});
const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/profile",
  component: lazyRouteComponent(() => import("./routes/settings-sections"), "ProfileSettings"),
});
const passwordRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/password",
  component: lazyRouteComponent(() => import("./routes/settings-sections"), "PasswordSettings"),
});
const tokensRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/tokens",
  component: lazyRouteComponent(() => import("./routes/settings-sections"), "TokenSettings"),
});
const sessionsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./routes/settings-sections"), "SessionSettings"),
});
const appearanceRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/appearance",
  component: lazyRouteComponent(() => import("./routes/settings-sections"), "AppearanceSettings"),
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
    component: lazyRouteComponent(() => import("./routes/setup"), "SetupPage"),
  }),
] as const;
