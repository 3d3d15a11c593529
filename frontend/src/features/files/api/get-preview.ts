import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import type { File } from "./list-files";

/** What the service reads in a file. The hash is part of the key: a replaced file is read again. */
export function previewQuery({ id, sha256 }: Pick<File, "id" | "sha256">, page: number) {
  return queryOptions({
    queryKey: ["preview", id, sha256, page] as const,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/files/{file_id}/preview", { params: { path: { file_id: id }, query: { page } }, signal }),
      ),
    staleTime: "static",
    // the rows of the page before stay until those of the next are there
    placeholderData: keepPreviousData,
  });
}
