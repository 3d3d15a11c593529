import { type Collected, into } from "@/features/uploads/collect";
import { DropZone } from "@/features/uploads/components/drop-zone";
import { UploadButton } from "@/features/uploads/components/upload-button";
import { sharedFolder } from "@/features/uploads/destination";
import { uploadQueue } from "@/features/uploads/queue";
import { sharedUploadAddress } from "@/features/sharing/addresses";

/** Puts files into a folder of somebody else's; they go on while one looks at other pages. */
export function SharedUpload({ shareId, folder, name }: { shareId: string; folder: string; name: string }) {
  const destination = sharedFolder(shareId, (path) => sharedUploadAddress(shareId, path));
  const upload = (collected: Collected) => uploadQueue.add(into(folder, collected), destination);
  return (
    <>
      <UploadButton onFiles={upload} />
      <DropZone place={name} onFiles={upload} />
    </>
  );
}
