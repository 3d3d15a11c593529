import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { filesKey } from "./list-files";

export function fileQuery(id: string) {
  return queryOptions({
    queryKey: [...filesKey, "file", id] as const,
    queryFn: ({ signal }) => unwrap(client.GET("/api/files/{file_id}", { params: { path: { file_id: id } }, signal })),
  });
}
