import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import classes from "./crumb-trail.module.css";

export interface Crumb {
  key: string;
  /** Receives the class for a link, or for the current page. */
  render: (className: string | undefined) => ReactNode;
}

/** Breadcrumbs; the last entry is the current page. */
export function CrumbTrail({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumbs" style={{ minWidth: 0 }}>
      <ol className={classes.trail}>
        {crumbs.map(({ key, render }, index) => {
          const last = index === crumbs.length - 1;
          return (
            <li key={key} className={classes.step} aria-current={last ? "page" : undefined}>
              {index > 0 && <ChevronRight size={14} strokeWidth={1.75} aria-hidden className={classes.separator} />}
              {render(last ? classes.here : classes.link)}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
