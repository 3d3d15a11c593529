/** A plain address: the browser streams the download itself, with its own progress and resume. */
export function downloadUrl(fileId: string): string {
  return `/api/files/${encodeURIComponent(fileId)}/content?download=1`;
}
