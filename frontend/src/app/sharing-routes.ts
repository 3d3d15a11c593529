import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listingSearch, type ListingSearch, textOf } from "./listing-search";
import { rootRoute, signedInRoute } from "./root-routes";

/** Pages about sharing, each loaded when it is first shown. Below `signedInRoute`. */
export const sharingRoutes = [
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "/links",
    validateSearch: (search: Record<string, unknown>): { state?: string | undefined } => ({
      state: typeof search.state === "string" ? search.state : undefined,
    }),
    component: lazyRouteComponent(() => import("./routes/links"), "LinksPage"),
  }),
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "/shared",
    component: lazyRouteComponent(() => import("./routes/shared"), "SharedPage"),
  }),
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "/shared/$id",
    validateSearch: (search: Record<string, unknown>): ListingSearch & { file?: string | undefined } => ({
      ...listingSearch(search),
      file: textOf(search.file),
    }),
    component: lazyRouteComponent(() => import("./routes/shared-item"), "SharedItemPage"),
  }),
] as const;

/** The page that a link opens, for whoever has it. Below `rootRoute`. */
export const openSharingRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/s/$token",
    validateSearch: listingSearch,
    component: lazyRouteComponent(() => import("./routes/visit"), "VisitPage"),
  }),
] as const;
