import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { type File, filesKey } from "./list-files";

/** Changes: every list of files. */
export function useDeleteFile(onDeleted: (file: File) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (file: File) =>
      unwrap(client.DELETE("/api/files/{file_id}", { params: { path: { file_id: file.id } } })),
    onSuccess: async (_, file) => {
      onDeleted(file);
      await queryClient.invalidateQueries({ queryKey: filesKey });
    },
  });
}
