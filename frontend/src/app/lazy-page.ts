import { lazyRouteComponent } from "@tanstack/react-router";
import { patiently } from "@/lib/patiently";

/** A page whose code is loaded when it is first shown. */
export const lazyPage: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(patiently(load), name);
