import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { forEach, type Outcome } from "../bulk";
import type { Entry } from "../entries";
import { filesKey } from "./list-files";

export interface Move {
  entry: Entry;
  /** The whole new path: a rename is a move, too. */
  path: string;
}

export async function move({ entry, path }: Move): Promise<void> {
  if (entry.type === "folder") {
    await unwrap(client.PATCH("/api/folders", { body: { path: entry.path, new_path: path } }));
  } else {
    await unwrap(
      client.PATCH("/api/files/{file_id}", { params: { path: { file_id: entry.file.id } }, body: { path } }),
    );
  }
}

/** Changes: everything about files and folders, even if some of the moves failed. */
export function useMoveEntries(onEnd: (outcome: Outcome<Move>) => void = () => undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (moves: readonly Move[]) => forEach(moves, move),
    onSuccess: async (outcome) => {
      await queryClient.invalidateQueries({ queryKey: filesKey });
      onEnd(outcome);
    },
  });
}
