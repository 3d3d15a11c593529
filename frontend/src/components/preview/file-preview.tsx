import { useState } from "react";
import type { ListedFile } from "@/components/listing/entries";
import type { PreviewDoors } from "./doors";
import { viewOf } from "./view";
import classes from "./file-preview.module.css";
import { NoPreview } from "./no-preview";
import { PdfPreview } from "./pdf-preview";
import { PicturePreview } from "./picture-preview";
import { ReadPreview } from "./read-preview";

interface Props {
  file: ListedFile;
  doors: PreviewDoors;
  /** Opens the image in the whole window. */
  onZoom: () => void;
}

/** Shows what is in a file, or says why not. */
export function FilePreview({ file, doors, onZoom }: Props) {
  const [broken, setBroken] = useState(false);
  const address = doors.contentUrl(file);
  const fail = () => {
    setBroken(true);
    doors.refresh?.(file);
  };
  if (broken) return <NoPreview file={file} reason={file.thumbnail_problem ?? "Your browser cannot show this file."} />;
  const view = viewOf(file);
  if (view === "image") return <PicturePreview file={file} doors={doors} onZoom={onZoom} onBroken={fail} />;
  if (view === "read") return <ReadPreview file={file} doors={doors} />;
  if (address === null) return <NoPreview file={file} reason="Download the file to see what is in it." />;
  switch (view) {
    case "audio":
      return (
        <div className={classes.box} data-audio>
          <audio controls preload="metadata" src={address} onError={fail} aria-label={file.name} />
        </div>
      );
    case "video":
      return (
        <div className={classes.box}>
          <video controls preload="metadata" src={address} onError={fail} aria-label={file.name} />
        </div>
      );
    case "pdf":
      return <PdfPreview file={file} address={address} />;
  }
}
