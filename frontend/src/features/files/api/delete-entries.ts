import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap } from "@/lib/http";
import { forEach, type Outcome } from "../bulk";
import { type Entry, outermost } from "../entries";
import { filesKey } from "./list-files";

async function remove(entry: Entry): Promise<void> {
  if (entry.type === "folder") {
    await unwrap(client.DELETE("/api/folders", { params: { query: { path: entry.path } } }));
  } else {
    await unwrap(client.DELETE("/api/files/{file_id}", { params: { path: { file_id: entry.file.id } } }));
  }
}

/** Changes: every list of files and folders. `ended` counts while many are deleted. */
export function useDeleteEntries(onEnd: (outcome: Outcome<Entry>) => void) {
  const queryClient = useQueryClient();
  const [ended, setEnded] = useState(0);
  const mutation = useMutation({
    mutationFn: (entries: readonly Entry[]) => forEach(outermost(entries), remove, setEnded),
    onSuccess: async (outcome) => {
      onEnd(outcome);
      // the page of a deleted file must not request it again
      await queryClient.invalidateQueries({
        queryKey: filesKey,
        predicate: ({ queryKey }) =>
          !outcome.done.some((entry) => entry.type === "file" && queryKey[2] === entry.file.id),
      });
    },
  });
  return { ...mutation, ended };
}
