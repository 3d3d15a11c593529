import type { Picture } from "@/components/preview/lightbox";
import type { File } from "./api/list-files";
import { shownName } from "@/lib/names";
import { contentUrl } from "./download-url";
import { isDrawn, viewOf } from "./preview";
import { largeThumbnail } from "./thumbnail";

/** Larger originals are not loaded for viewing: the server's thumbnail is shown instead. */
const ORIGINAL_BYTES = 50_000_000;

/** The best address to show an image from; null if there is none. */
export function pictureSource({ id, size, media_type, thumbnail_url }: File): string | null {
  if (isDrawn(media_type) && (size <= ORIGINAL_BYTES || !thumbnail_url)) return contentUrl(id);
  return thumbnail_url && largeThumbnail(thumbnail_url);
}

/** The files that can be shown as images, in order. */
export function picturesOf(files: readonly File[]): Picture[] {
  return files.flatMap((file) => {
    const source = viewOf(file) === "image" ? pictureSource(file) : null;
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
