const encodePath = (path: string) => path.split("/").map(encodeURIComponent).join("/");

/** What the link leads to: the file, or everything in a folder as one archive. */
export function downloadAddress(token: string): string {
  return `/d/${encodeURIComponent(token)}`;
}

/** One file of a shared folder. */
export function memberAddress(token: string, path: string): string {
  return `${downloadAddress(token)}/${encodePath(path)}`;
}

/** The same for the page of the link: never shown in its place. */
export function memberDownload(token: string, path: string): string {
  return `${memberAddress(token, path)}?download=1`;
}

/** A picture of a shared folder as it is shown in a document of it; looking at it is no download. */
export function memberPicture(token: string, path: string): string {
  return `${downloadAddress(token)}/thumbnail?${new URLSearchParams({ path, scale: "2" }).toString()}`;
}

/** Where a file for a request goes. Folders are not kept: a request takes files. */
export function requestAddress(token: string, path: string): string {
  return `/api/d/${encodeURIComponent(token)}/files/${encodeURIComponent(path.slice(path.lastIndexOf("/") + 1))}`;
}
