import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { fileQuery } from "@/features/files/api/get-file";
import FolderReadme from "@/components/preview/folder-readme";
import { entriesQuery } from "@/features/sharing/api/list-entries";
import { useDoors } from "@/features/files/use-doors";
import { readmeOf } from "@/lib/readme";

/** What the owner of a shared folder says of it, below its list. */
export function SharedReadme({ shareId, folder }: { shareId: string; folder: string }) {
  const { data } = useInfiniteQuery(entriesQuery(shareId, folder));
  const doors = useDoors();
  const found = readmeOf(data?.pages.flatMap((page) => page.items) ?? []);
  const file = useQuery({ ...fileQuery(found?.id ?? ""), enabled: found !== undefined }).data;
  return file ? <FolderReadme file={file} doors={doors} /> : null;
}
