import { useMutation, useQueryClient } from "@tanstack/react-query";
import { filesKey } from "@/lib/files-key";
import { client, unwrap } from "@/lib/http";
import type { LinkWish } from "../options";
import type { LinkTarget } from "../target";
import { linksKey } from "./list-links";

export interface NewLink {
  target: LinkTarget;
  /** Of a folder: for taking what is in it, or for putting something into it. */
  kind: "download" | "request";
  wish: LinkWish;
}

/** Changes: every list of links, and the mark on the row. */
export function useCreateLink() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ target, kind, wish }: NewLink) =>
      target.type === "file"
        ? unwrap(client.POST("/api/files/{file_id}/links", { params: { path: { file_id: target.id } }, body: wish }))
        : unwrap(
            client.POST("/api/links", {
              body: { ...wish, folder: target.path, kind: kind === "request" ? "request" : "folder" },
            }),
          ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: filesKey });
      return queryClient.invalidateQueries({ queryKey: linksKey });
    },
  });
}
