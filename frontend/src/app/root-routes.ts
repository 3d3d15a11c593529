import { type QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, redirect } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/me";
import { NotFoundPage } from "./routes/not-found";
import { Root } from "./routes/root";
import { Shell } from "./routes/shell";
import { lazyPage } from "./lazy-page";

/** The parent routes, in a module of their own so that groups of pages can be defined in separate files. */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  staticData: { title: null },
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
  staticData: { title: null },
});

/** Pages for administrators; other users see a note. The server refuses them the data in any case. */
export const superuserRoute = createRoute({
  getParentRoute: () => signedInRoute,
  id: "superuser",
  component: lazyPage(() => import("./routes/superuser-only"), "SuperuserOnly"),
  staticData: { title: null },
});
