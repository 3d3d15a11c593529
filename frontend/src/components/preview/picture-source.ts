import type { Picture } from "./lightbox";
import type { ListedFile } from "@/components/listing/entries";
import { shownName } from "@/lib/names";
import type { PreviewDoors } from "./doors";
import { isDrawn, viewOf } from "./view";
import { largeThumbnail } from "@/components/listing/thumbnail-sources";

/** Larger originals are not loaded for viewing: the server's thumbnail is shown instead. */
const ORIGINAL_BYTES = 50_000_000;

/** The best address to show an image from; null if there is none. */
export function pictureSource(file: ListedFile, doors: PreviewDoors): string | null {
  const { size, media_type, thumbnail_url } = file;
  const original = isDrawn(media_type) && (size <= ORIGINAL_BYTES || !thumbnail_url) ? doors.contentUrl(file) : null;
  return original ?? (thumbnail_url && largeThumbnail(thumbnail_url));
}

/** The files that can be shown as images, in order. */
export function picturesOf(files: readonly ListedFile[], doors: PreviewDoors): Picture[] {
  return files.flatMap((file) => {
    const source = viewOf(file) === "image" ? pictureSource(file, doors) : null;
    return source === null
      ? []
      : [{ id: file.id, name: shownName(file.name), source, colour: file.image?.colour ?? null }];
  });
}

/** The item this many places further on; undefined at the ends. */
export function neighbour<Item extends { id: string }>(
  items: readonly Item[],
  id: string,
  by: 1 | -1,
): Item | undefined {
  const place = items.findIndex((item) => item.id === id);
  return place < 0 ? undefined : items[place + by];
}
