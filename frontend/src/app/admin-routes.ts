/*
 * Administration, settings and set-up: pages that most visits never open, each a file of its own that is loaded when
 * it is first shown.
 *
 *   createRoute({
 *     getParentRoute: () => superuserRoute,
 *     path: "/admin",
 *     component: lazyRouteComponent(() => import("./routes/admin/overview"), "AdminOverviewPage"),
 *   })
 */

/** Below `superuserRoute`: /admin, /admin/storage, /admin/env, /admin/users. */
export const adminRoutes = [] as const;

/** Below `signedInRoute`: /settings. */
export const accountRoutes = [] as const;

/** Below `rootRoute`, for nobody in particular: /setup. */
export const openRoutes = [] as const;
