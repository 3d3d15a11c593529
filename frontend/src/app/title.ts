import { useMatches } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useSyncExternalStore } from "react";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** What the tab of the browser is called; null where the page above, or the page itself, says it. */
    title: string | null;
  }
}

const NAME = "aishare";

/** What the page that is shown calls itself, over the title of its route: the name of a file, for example. */
let own: { title: string } | null = null;
const listeners = new Set<() => void>();

function call(title: { title: string } | null): void {
  own = title;
  for (const listener of listeners) listener();
}

/** Names the page by what it shows; null as long as that is not known. One in each page at most. */
export function useTitle(title: string | null): void {
  useLayoutEffect(() => {
    if (title === null) return undefined;
    const mine = { title };
    call(mine);
    return () => {
      if (own === mine) call(null);
    };
  }, [title]);
}

/** The same, for a part of a page that is not always there. */
export function PageTitle({ title }: { title: string }): null {
  useTitle(title);
  return null;
}

/** The title of the document, for every route: once, at the root. */
export function useDocumentTitle(): void {
  const routed = useMatches({
    select: (matches) => matches.map(({ staticData }) => staticData.title).findLast((title) => title !== null),
  });
  const said = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => own?.title,
  );
  const title = said ?? routed;
  useEffect(() => {
    document.title = title ? `${title} – ${NAME}` : NAME;
  }, [title]);
}
