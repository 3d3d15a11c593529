import { useQuery } from "@tanstack/react-query";
import FolderReadme from "@/components/preview/folder-readme";
import { fileQuery } from "@/features/files/api/get-file";
import { useDoors } from "@/features/files/use-doors";
import type { SharedFile } from "@/features/sharing/api/list-entries";
import { readmeOf } from "@/lib/readme";

/** The README of a shared folder, below its list. */
export function SharedReadme({ files }: { files: readonly SharedFile[] }) {
  const doors = useDoors();
  const found = readmeOf(files);
  const file = useQuery({ ...fileQuery(found?.id ?? ""), enabled: found !== undefined }).data;
  return file ? <FolderReadme file={file} doors={doors} /> : null;
}
