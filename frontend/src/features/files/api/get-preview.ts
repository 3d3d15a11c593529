import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import type { File } from "./list-files";

/** The server's preview of a file. The hash is part of the key, so that a replaced file is loaded again. */
export function previewQuery({ id, sha256 }: Pick<File, "id" | "sha256">, page: number) {
  return queryOptions({
    queryKey: ["preview", id, sha256, page] as const,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/files/{file_id}/preview", { params: { path: { file_id: id }, query: { page } }, signal }),
      ),
    staleTime: "static",
    // the previous page's rows stay until the next page has loaded
    placeholderData: keepPreviousData,
  });
}
