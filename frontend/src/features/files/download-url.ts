/** A plain address: the browser streams the download itself, with its own progress and resume. */
export function downloadUrl(fileId: string): string {
  return `${contentUrl(fileId)}?download=1`;
}

/** The content, for viewing. */
export function contentUrl(fileId: string): string {
  return `/api/files/${encodeURIComponent(fileId)}/content`;
}

/** The content of one of the user's own files, by its path. */
export function pathUrl(path: string): string {
  return `/api/files/by-path/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** A folder and everything in it, as a ZIP. */
export function archiveUrl(folder: string): string {
  return `/api/archives?${new URLSearchParams({ folder }).toString()}`;
}

/** Milliseconds between two downloads: started at once, browsers drop all but the first. */
const PAUSE_MS = 250;

/** Starts the download of each, as if every link had been clicked. */
export async function downloadEach(files: readonly { id: string; name: string }[]): Promise<void> {
  for (const { id, name } of files) {
    const link = document.createElement("a");
    link.href = downloadUrl(id);
    link.download = name;
    link.click();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
