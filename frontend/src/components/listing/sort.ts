import type { paths } from "@/client/schema";

export type Sort = NonNullable<NonNullable<paths["/api/files"]["get"]["parameters"]["query"]>["sort"]>;

const SORTS: readonly Sort[] = ["path", "-path", "name", "-name", "size", "-size", "modified_at", "-modified_at"];

export const DEFAULT_SORT: Sort = "-modified_at";

export function isSort(value: unknown): value is Sort {
  return SORTS.some((sort) => sort === value);
}
