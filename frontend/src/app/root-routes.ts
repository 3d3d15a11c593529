import { type QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/me";
import { NotFoundPage } from "./routes/not-found";
import { Shell } from "./routes/shell";

/** The parent routes, in a module of their own so that groups of pages can be defined in separate files. */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

/** All pages that require signing in. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const user = await context.queryClient.query(meQuery);
    if (!user) throw redirect({ to: "/login", search: location.href === "/files" ? {} : { next: location.href } });
    return { user };
  },
  component: Shell,
});

/** Pages for administrators; other users see a note. The server refuses them the data in any case. */
export const superuserRoute = createRoute({
  getParentRoute: () => signedInRoute,
  id: "superuser",
  component: lazyRouteComponent(() => import("./routes/superuser-only"), "SuperuserOnly"),
});
