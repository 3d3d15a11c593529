import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { filesKey } from "./list-files";
import type { Folder } from "./list-folders";

/** Changes: lists of folders. */
export function useCreateFolder(onCreated: (folder: Folder) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (path: string) => unwrap(client.POST("/api/folders", { body: { path } })),
    onSuccess: async (folder) => {
      await queryClient.invalidateQueries({ queryKey: filesKey });
      onCreated(folder);
    },
  });
}
