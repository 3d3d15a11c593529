import { defaultStringifySearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Shown } from "@/components/browser/folder-browser";
import type { Entry } from "@/components/listing/entries";
import type { Sort } from "@/components/listing/sort";
import type { View } from "@/components/listing/toolbar";
import { remember, remembered } from "@/lib/remember";
import type { ListingSearch } from "./listing-search";
import { useSearchChange } from "./use-search-change";

const DEFAULT_SORT: Sort = "path";
/** Shared with one's own files: the choice is about the browser, not about the folder. */
const VIEW = "aishare-files-view";

/** What the address says of a listing, and how it changes. Each change but the next preview is a step of the history. */
export function useListing(search: ListingSearch, pathname: string) {
  const { folder = "", sort, view, open = null } = search;
  const change = useSearchChange<ListingSearch>();
  const onShow = (shown: Partial<Shown>) => {
    if (shown.view) remember(VIEW, shown.view);
    const next = (before: ListingSearch): ListingSearch => ({
      ...before,
      ...(shown.view && { view: shown.view }),
      ...(shown.sort && { sort: shown.sort === DEFAULT_SORT ? undefined : shown.sort }),
      ...("open" in shown && { open: shown.open ?? undefined }),
    });
    change(next, { replace: Boolean(shown.open && open), resetScroll: false });
  };
  const onFolder = (next: string) => change({ folder: next || undefined, sort, view });
  const addressOf = useCallback(
    (entry: Entry) => {
      const there: ListingSearch =
        entry.type === "folder"
          ? { folder: entry.path, sort, view }
          : { folder: folder || undefined, sort, view, open: entry.file.id };
      return pathname + defaultStringifySearch(there);
    },
    [pathname, folder, sort, view],
  );
  const chosen: View = view ?? (remembered(VIEW) === "grid" ? "grid" : "list");
  return { folder, sort: sort ?? DEFAULT_SORT, view: chosen, open, onShow, onFolder, addressOf };
}
