import { useState } from "react";
import type { ListedFile } from "./entries";
import { kindOf } from "./kinds";
import { reservedBox, thumbnailSources } from "./thumbnail-sources";
import classes from "./thumbnail.module.css";

interface Props {
  file: ListedFile;
  /** Of the box in pixels. */
  height: number;
  /** Of the sign that stands for what has no picture. */
  icon: number;
  /** All of it, with its place held free; else as much of it as fills a small square. */
  whole: boolean;
}

/** The picture of a file in a list, or the sign of its kind, with the reason where a picture could be expected. */
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
      // seen through it, the colour would be taken for a part of the picture
      onLoad={({ currentTarget }) => currentTarget.style.removeProperty("background-color")}
      onError={() => setBroken(true)}
    />
  );
}
