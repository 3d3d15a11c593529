import { isSort, type Sort } from "@/components/listing/sort";
import type { View } from "@/components/listing/toolbar";

/** The part of the address of a folder of somebody else: enough to come back to the same view. */
export interface ListingSearch {
  folder?: string | undefined;
  sort?: Sort | undefined;
  view?: View | undefined;
  /** Id of the file in the drawer. */
  open?: string | undefined;
}

export function listingSearch(search: Record<string, unknown>): ListingSearch {
  return {
    folder: textOf(search.folder),
    sort: isSort(search.sort) ? search.sort : undefined,
    view: search.view === "grid" || search.view === "list" ? search.view : undefined,
    open: textOf(search.open),
  };
}

/** Names that look like numbers are parsed as such. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
