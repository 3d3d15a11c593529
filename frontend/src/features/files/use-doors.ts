import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PreviewDoors } from "@/components/preview/doors";
import { pictureDoor } from "@/components/preview/pictures";
import { client, unwrap } from "@/lib/http";
import { parentOf } from "@/lib/paths";
import { fileQuery } from "./api/get-file";
import { contentUrl, pathUrl } from "./download-url";

/** How one's own files are looked at. */
export function useDoors(): PreviewDoors {
  const queryClient = useQueryClient();
  return useMemo(
    () => ({
      key: "files",
      contentUrl: ({ id }) => contentUrl(id),
      read: ({ id }, page, signal) =>
        unwrap(
          client.GET("/api/files/{file_id}/preview", { params: { path: { file_id: id }, query: { page } }, signal }),
        ),
      picturesBeside: ({ path }) => pictureDoor(parentOf(path), pathUrl),
      refresh: ({ id }) => void queryClient.invalidateQueries(fileQuery(id)),
    }),
    [queryClient],
  );
}
