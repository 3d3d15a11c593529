import type { paths } from "@/client/schema";
import type { ListedFile } from "@/components/listing/entries";
import type { PictureDoor } from "./pictures";

/** What the service reads in a file. */
export type Preview = paths["/api/files/{file_id}/preview"]["get"]["responses"]["200"]["content"]["application/json"];

/** Where what is shown of a file comes from: one's own files, or those behind a link. Methods, as `BrowserActions`. */
export interface PreviewDoors {
  /** Tells what was read through these doors from what was read through others. */
  readonly key: string;
  /** The bytes, for showing them; null where they are not given out for that. */
  contentUrl(file: ListedFile): string | null;
  read(file: ListedFile, page: number, signal: AbortSignal): Promise<Preview>;
  /** For the pictures that a document names. */
  picturesBeside(file: ListedFile): PictureDoor;
  /** The browser fails on a file: the service may know by now why. */
  refresh?(file: ListedFile): void;
}
