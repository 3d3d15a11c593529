import { createContext } from "react";

/** Where a picture lies that a document names by its path from there; null if it may not be shown. */
export type PictureDoor = (href: string) => string | null;

/** Of the folder around the document; null where there is nothing beside it. */
export const PictureDoorContext = createContext<PictureDoor | null>(null);

/** Opens what lies in and below a folder, and what its documents can name from it. */
export function pictureDoor(folder: string, addressOf: (path: string) => string): PictureDoor {
  return (href) => {
    const path = pathBeside(folder, href);
    return path === null ? null : addressOf(path);
  };
}

/** The path that `href` means in a document of this folder; null for other hosts and for what lies above all folders. */
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
