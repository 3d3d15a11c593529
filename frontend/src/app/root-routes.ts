import { type QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/me";
import { NotFoundPage } from "./routes/not-found";
import { Shell } from "./routes/shell";

/** The routes that others hang below, in a module of their own so that groups of pages can live in files of theirs. */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

/** Everything that needs somebody signed in. */
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

/** Pages of administrators; anybody else is told so. The service refuses the data in any case. */
export const superuserRoute = createRoute({
  getParentRoute: () => signedInRoute,
  id: "superuser",
  component: lazyRouteComponent(() => import("./routes/superuser-only"), "SuperuserOnly"),
});
