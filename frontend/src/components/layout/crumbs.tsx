import { createContext, type ReactNode, useContext } from "react";
import { createPortal } from "react-dom";

/** The place in the top bar where a page puts its breadcrumbs; null until the bar is there. */
export const CrumbsSlot = createContext<HTMLElement | null>(null);

/** Shows its children in the top bar, wherever in the page it is used. */
export function Crumbs({ children }: { children: ReactNode }) {
  const slot = useContext(CrumbsSlot);
  return slot && createPortal(children, slot);
}
