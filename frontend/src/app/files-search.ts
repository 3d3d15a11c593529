import { isSort, type Sort } from "@/components/listing/sort";
import { isKind, type KindName } from "@/components/listing/kinds";

/** What of the files page stands in its address: enough to come back to the same view. */
export interface FilesSearch {
  q?: string | undefined;
  sort?: Sort | undefined;
  kind?: KindName | undefined;
  view?: "list" | "grid" | undefined;
  /** Id of the file in the drawer. */
  open?: string | undefined;
}

export function filesSearch(search: Record<string, unknown>): FilesSearch {
  return {
    q: (typeof search.q === "string" || typeof search.q === "number") && search.q !== "" ? String(search.q) : undefined,
    sort: isSort(search.sort) ? search.sort : undefined,
    kind: isKind(search.kind) ? search.kind : undefined,
    view: search.view === "grid" || search.view === "list" ? search.view : undefined,
    open: typeof search.open === "string" && search.open !== "" ? search.open : undefined,
  };
}
