import { useState } from "react";
import type { ListedFile } from "./entries";
import { kindOf } from "./kinds";
import { reservedBox, thumbnailSources } from "./thumbnail-sources";
import classes from "./thumbnail.module.css";

interface Props {
  file: ListedFile;
  /** The height of the box, in pixels. */
  height: number;
  /** The size of the icon that is shown if there is no thumbnail. */
  icon: number;
  /** Shows the whole image and reserves its space; otherwise the image is cropped to a square. */
  whole: boolean;
}

/** The thumbnail of a file in a list, or an icon, with the reason if the thumbnail could not be made. */
export function Thumbnail({ file, height, icon, whole }: Props) {
  const [broken, setBroken] = useState(false);
  const { thumbnail_url: thumbnail } = file;
  const Icon = kindOf(file.kind, file.media_type).icon;
  if (!thumbnail || broken)
    return (
      <span className={classes.sign} title={file.thumbnail_problem ?? undefined}>
        <Icon size={icon} strokeWidth={whole ? 1.25 : 1.75} aria-hidden />
      </span>
    );
  return (
    <img
      {...thumbnailSources(thumbnail)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      className={whole ? classes.whole : classes.square}
      style={whole ? reservedBox(file.image, height) : { backgroundColor: file.image?.colour }}
      // the colour would show through transparent parts of the image
      onLoad={({ currentTarget }) => currentTarget.style.removeProperty("background-color")}
      onError={() => setBroken(true)}
    />
  );
}
