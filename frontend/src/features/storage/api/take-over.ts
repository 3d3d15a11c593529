import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { locationsKey } from "./list-locations";
import { storageInfoQuery } from "./storage-info";

/** Changes: the storage that is configured is ours from now on, and may be a new, empty one. */
export function useTakeOver(onTaken: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST("/api/admin/storage-service/take-over")),
    onSuccess: async () => {
      onTaken();
      await queryClient.invalidateQueries({ queryKey: locationsKey });
      await queryClient.invalidateQueries({ queryKey: storageInfoQuery.queryKey });
    },
  });
}
