import { Outlet } from "@tanstack/react-router";
import { useDocumentTitle } from "../title";

/** What every page has, whoever looks at it. */
export function Root() {
  useDocumentTitle();
  return <Outlet />;
}
