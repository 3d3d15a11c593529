import type { Picture } from "./lightbox";
import type { ListedFile } from "@/components/listing/entries";
import { shownName } from "@/lib/names";
import type { PreviewDoors } from "./doors";
import { isDrawn, viewOf } from "./view";
import { largeThumbnail } from "@/components/listing/thumbnail-sources";

/** Beyond this the original is not fetched to be looked at: what the service has made of it is shown instead. */
const ORIGINAL_BYTES = 50_000_000;

/** The address that shows a file best; null where nothing does. */
export function pictureSource(file: ListedFile, doors: PreviewDoors): string | null {
  const { size, media_type, thumbnail_url } = file;
  const original = isDrawn(media_type) && (size <= ORIGINAL_BYTES || !thumbnail_url) ? doors.contentUrl(file) : null;
  return original ?? (thumbnail_url && largeThumbnail(thumbnail_url));
}

/** Those of the files that can be looked at, in their order. */
export function picturesOf(files: readonly ListedFile[], doors: PreviewDoors): Picture[] {
  return files.flatMap((file) => {
    const source = viewOf(file) === "image" ? pictureSource(file, doors) : null;
    return source === null
      ? []
      : [{ id: file.id, name: shownName(file.name), source, colour: file.image?.colour ?? null }];
  });
}

/** The one so many places further; undefined at the ends. */
export function neighbour<Item extends { id: string }>(
  items: readonly Item[],
  id: string,
  by: 1 | -1,
): Item | undefined {
  const place = items.findIndex((item) => item.id === id);
  return place < 0 ? undefined : items[place + by];
}
