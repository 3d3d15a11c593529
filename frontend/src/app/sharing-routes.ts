import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "./lazy-page";
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
    component: lazyPage(() => import("./routes/links"), "LinksPage"),
    staticData: { title: "My links" },
  }),
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "/shared",
    component: lazyPage(() => import("./routes/shared"), "SharedPage"),
    staticData: { title: "Shared with me" },
  }),
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "/shared/$id",
    validateSearch: (search: Record<string, unknown>): ListingSearch & { file?: string | undefined } => ({
      ...listingSearch(search),
      file: textOf(search.file),
    }),
    component: lazyPage(() => import("./routes/shared-item"), "SharedItemPage"),
    staticData: { title: "Shared with me" },
  }),
] as const;

/** The page that a link opens, for whoever has it. Below `rootRoute`. */
export const openSharingRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/s/$token",
    validateSearch: listingSearch,
    component: lazyPage(() => import("./routes/visit"), "VisitPage"),
    staticData: { title: "Shared with you" },
  }),
] as const;
