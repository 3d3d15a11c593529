import { lazyRouteComponent } from "@tanstack/react-router";
import { untilBack } from "./missing-part";

/** A page whose code is loaded when it is first shown; while the server is away it waits for it. */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => load().catch(() => untilBack().then(load)), name);
