import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fileQuery } from "../api/get-file";
import type { File } from "../api/list-files";
import { contentUrl } from "../download-url";
import { viewOf } from "../preview";
import classes from "./file-preview.module.css";
import { NoPreview } from "./no-preview";
import { PdfPreview } from "./pdf-preview";
import { PicturePreview } from "./picture-preview";
import { ReadPreview } from "./read-preview";

interface Props {
  file: File;
  /** Opens the image in the whole window. */
  onZoom: () => void;
}

/** Shows what is in a file, or says why not. */
export function FilePreview({ file, onZoom }: Props) {
  const [broken, setBroken] = useState(false);
  const queryClient = useQueryClient();
  const address = contentUrl(file.id);
  const fail = () => {
    setBroken(true);
    // by now the server may know why
    void queryClient.invalidateQueries(fileQuery(file.id));
  };
  if (broken) return <NoPreview file={file} reason={file.thumbnail_problem ?? "Your browser cannot show this file."} />;
  switch (viewOf(file)) {
    case "image":
      return <PicturePreview file={file} onZoom={onZoom} onBroken={fail} />;
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
      return <PdfPreview file={file} />;
    default:
      return <ReadPreview file={file} />;
  }
}
