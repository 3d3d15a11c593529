import { into } from "@/features/uploads/collect";
import { DropZone } from "@/features/uploads/components/drop-zone";
import { UploadButton } from "@/features/uploads/components/upload-button";
import { type Source, uploadQueue } from "@/features/uploads/queue";
import { sharedUploadAddress } from "@/features/sharing/addresses";

/** Puts files into a folder of somebody else's; they go on while one looks at other pages. */
export function SharedUpload({ shareId, folder, name }: { shareId: string; folder: string; name: string }) {
  const upload = (sources: readonly Source[]) =>
    uploadQueue.add(
      into(folder, sources).map((source) => ({ ...source, address: sharedUploadAddress(shareId, source.path) })),
    );
  return (
    <>
      <UploadButton onFiles={upload} />
      <DropZone place={name} onFiles={upload} />
    </>
  );
}
