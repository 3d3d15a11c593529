/** Where a file goes that is put into a folder somebody shares. */
export function sharedUploadAddress(shareId: string, path: string): string {
  return `/api/shares/${encodeURIComponent(shareId)}/by-path/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Where the new content of a file goes. */
export function contentAddress(fileId: string): string {
  return `/api/files/${encodeURIComponent(fileId)}/content`;
}
