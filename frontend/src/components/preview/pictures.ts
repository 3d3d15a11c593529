import { createContext } from "react";

/** The address of an image that a document refers to by a relative path; null if it may not be shown. */
export type PictureDoor = (href: string) => string | null;

/** The door of the document's folder; null where no other files are known. */
export const PictureDoorContext = createContext<PictureDoor | null>(null);

/** Resolves the image paths of a folder's documents to addresses. */
export function pictureDoor(folder: string, addressOf: (path: string) => string): PictureDoor {
  return (href) => {
    const path = pathBeside(folder, href);
    return path === null ? null : addressOf(path);
  };
}

/** The path that `href` means in a document of this folder; null for other hosts and paths above the top folder. */
export function pathBeside(folder: string, href: string): string | null {
  const [written = ""] = href.split(/[?#]/);
  if (written === "" || written.startsWith("/") || /^[a-z][a-z\d+.-]*:/i.test(written)) return null;
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of decoded(written).split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return null;
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length > 0 ? parts.join("/") : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
