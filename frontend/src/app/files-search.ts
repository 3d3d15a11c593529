import { isSort, type Sort } from "@/components/listing/sort";
import { isKind, type KindName } from "@/components/listing/kinds";

/** The state of the files page that is kept in its address, so that a bookmark opens the same view. */
export interface FilesSearch {
  q?: string | undefined;
  sort?: Sort | undefined;
  kind?: KindName | undefined;
  view?: "list" | "grid" | undefined;
  /** The id of the file shown in the drawer. */
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
