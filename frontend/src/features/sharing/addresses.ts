/** Where a file goes that is put into a folder somebody shares. */
export function sharedUploadAddress(shareId: string, path: string): string {
  return `/api/shares/${encodeURIComponent(shareId)}/by-path/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Where the new content of a file goes. */
export function contentAddress(fileId: string): string {
  return `/api/files/${encodeURIComponent(fileId)}/content`;
}

/** All of a folder in a shared folder, as one archive; "" for the shared folder itself. */
export function sharedArchiveAddress(shareId: string, folder: string): string {
  return `/api/archives?${new URLSearchParams({ share: shareId, ...(folder && { folder }) }).toString()}`;
}
