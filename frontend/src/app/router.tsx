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
  // what is left out here would be taken over unchecked, so every name is given a value
  validateSearch: (search: Record<string, unknown>): LoginSearch => ({
    // a path of ours only: "//host" and "/\host" would lead the person elsewhere
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

/** The page belongs to the parent, so that it stays in place while one walks through folders. */
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
