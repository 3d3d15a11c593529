import { type QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/me";
import { isSort, type Sort } from "@/features/files/api/list-files";
import { ErrorPage } from "./routes/error-page";
import { FilesPage } from "./routes/files";
import { LoginPage } from "./routes/login";
import { NotFoundPage } from "./routes/not-found";
import { Shell } from "./routes/shell";
import { onSignedOff, queryClient } from "./session";

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

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
  component: LoginPage,
});

/** Everything that needs somebody signed in hangs below this route. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const user = await context.queryClient.query(meQuery);
    if (!user) throw redirect({ to: "/login", search: location.href === "/files" ? {} : { next: location.href } });
  },
  component: Shell,
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/files", search: {}, replace: true });
  },
});

const filesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/files",
  validateSearch: (search: Record<string, unknown>): { q?: string | undefined; sort?: Sort | undefined } => ({
    q: (typeof search.q === "string" || typeof search.q === "number") && search.q !== "" ? String(search.q) : undefined,
    sort: isSort(search.sort) ? search.sort : undefined,
  }),
  component: FilesPage,
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([indexRoute, loginRoute, signedInRoute.addChildren([filesRoute])]),
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
