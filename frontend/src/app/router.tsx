import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { accountRoutes, adminRoutes, openRoutes } from "./admin-routes";
import { filesSearch } from "./files-search";
import { lazyPage } from "./lazy-page";
import { rootRoute, signedInRoute, superuserRoute } from "./root-routes";
import { ErrorPage } from "./routes/error-page";
import { FilesPage } from "./routes/files";
import { openSharingRoutes, sharingRoutes } from "./sharing-routes";
import { onSignedOff, queryClient } from "./session";

interface LoginSearch {
  next?: string | undefined;
  reason?: "expired" | undefined;
}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  // parameters not returned here would be passed on unchecked, so every one is listed
  validateSearch: (search: Record<string, unknown>): LoginSearch => ({
    // only a path of this site: "//host" and "/\host" would lead to another one
    next: typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) ? search.next : undefined,
    reason: search.reason === "expired" ? "expired" : undefined,
  }),
  component: lazyPage(() => import("./routes/login"), "LoginPage"),
  staticData: { title: "Sign in" },
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/files", search: {}, replace: true });
  },
  staticData: { title: null },
});

/** The page belongs to the parent route, so that it stays mounted while the user moves between folders. */
const filesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/files",
  validateSearch: filesSearch,
  component: FilesPage,
  staticData: { title: "Files" },
});
const folderRoute = createRoute({ getParentRoute: () => filesRoute, path: "$", staticData: { title: null } });

const fileRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/file/$id",
  component: lazyPage(() => import("./routes/file"), "FilePage"),
  staticData: { title: "File" },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    loginRoute,
    ...openRoutes,
    ...openSharingRoutes,
    signedInRoute.addChildren([
      filesRoute.addChildren([folderRoute]),
      fileRoute,
      ...sharingRoutes,
      ...accountRoutes,
      superuserRoute.addChildren([...adminRoutes]),
    ]),
  ]),
  context: { queryClient },
  defaultErrorComponent: ErrorPage,
  defaultPreload: false,
  scrollRestoration: true,
});

onSignedOff((reason) => {
  const { pathname, href } = router.state.location;
  if (pathname === "/login") return;
  void router.navigate({ to: "/login", search: reason === "expired" ? { next: href, reason } : {} });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
