import { useMutation, useQueryClient } from "@tanstack/react-query";
import { filesKey } from "@/lib/files-key";
import { client, unwrap } from "@/lib/http";
import { type Right, type Share, type ShareTarget, sharesKey } from "./list-shares";

interface ShareWish {
  target: ShareTarget;
  username: string;
  right: Right;
}

/** Changes: lists of shares, and the mark on the row. Sharing again with the same person changes the right. */
export function useShareWith(onShared: (share: Share) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ target, username, right }: ShareWish) =>
      unwrap(client.POST("/api/shares", { body: { ...target, username, right } })),
    onSuccess: async (share) => {
      onShared(share);
      void queryClient.invalidateQueries({ queryKey: filesKey });
      await queryClient.invalidateQueries({ queryKey: sharesKey });
    },
  });
}

/** Changes: lists of shares. */
export function useChangeRight() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, right }: { id: string; right: Right }) =>
      unwrap(client.PATCH("/api/shares/{share_id}", { params: { path: { share_id: id } }, body: { right } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sharesKey }),
  });
}

/** Changes: lists of shares, and the mark on the row. By the owner, or by the person who wants to leave. */
export function useRemoveShare(onRemoved: (id: string) => void = () => undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE("/api/shares/{share_id}", { params: { path: { share_id: id } } })),
    onSuccess: async (_, id) => {
      onRemoved(id);
      void queryClient.invalidateQueries({ queryKey: filesKey });
      await queryClient.invalidateQueries({ queryKey: sharesKey });
    },
  });
}
