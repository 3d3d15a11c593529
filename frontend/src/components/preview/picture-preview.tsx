import { Text, UnstyledButton } from "@mantine/core";
import { Expand } from "lucide-react";
import { useState } from "react";
import type { ListedFile } from "@/components/listing/entries";
import { pictureSource } from "./picture-source";
import { largeThumbnail } from "@/components/listing/thumbnail-sources";
import type { PreviewDoors } from "./doors";
import classes from "./file-preview.module.css";
import { NoPreview } from "./no-preview";

interface Props {
  file: ListedFile;
  doors: PreviewDoors;
  onZoom: () => void;
  onBroken: () => void;
}

/** An image in a space reserved for it; a click shows it in the whole window. */
export function PicturePreview({ file, doors, onZoom, onBroken }: Props) {
  const [failed, setFailed] = useState(false);
  const { image, thumbnail_url: thumbnail, thumbnail_problem: problem } = file;
  const best = pictureSource(file, doors);
  // if the browser cannot show the original, the server's thumbnail may still work
  const source = failed ? thumbnail && largeThumbnail(thumbnail) : best;
  if (source === null) {
    return <NoPreview file={file} reason={problem ?? "Browsers cannot show this type of image."} />;
  }
  const original = source === doors.contentUrl(file);
  const note = problem
    ? `No thumbnail: ${problem}`
    : original
      ? null
      : "This is a smaller copy. Download the file for the original.";
  return (
    <>
      <UnstyledButton
        className={classes.picture}
        aria-label={`Zoom ${file.name}`}
        onClick={onZoom}
        style={image ? { aspectRatio: `${image.width} / ${image.height}` } : { height: 280 }}
      >
        <img
          src={source}
          alt={file.name}
          width={image?.width}
          height={image?.height}
          style={{
            backgroundColor: image?.colour,
            // the thumbnail is already cached while the original is loading
            backgroundImage: thumbnail && original ? `url("${thumbnail}")` : undefined,
          }}
          onLoad={({ currentTarget: { style } }) => {
            style.removeProperty("background-color");
            style.removeProperty("background-image");
          }}
          onError={() => (thumbnail && original ? setFailed(true) : onBroken())}
        />
        <Expand size={16} strokeWidth={1.75} aria-hidden className={classes.expand} />
      </UnstyledButton>
      {note && (
        <Text size="xs" c="dimmed" mt={6}>
          {note}
        </Text>
      )}
    </>
  );
}
