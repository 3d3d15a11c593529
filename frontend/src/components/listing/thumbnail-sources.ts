/** The addresses of a thumbnail for an `img`: one for usual screens, one for those of high density. */
export function thumbnailSources(url: string): { src: string; srcSet: string } {
  return { src: url, srcSet: `${url} 1x, ${largeThumbnail(url)} 2x` };
}

/** Twice as large. Which size that is the service knows by its settings. */
export function largeThumbnail(url: string): string {
  return `${url}&scale=2`;
}

/** How wide an image of this size is drawn in a box of this height, and how it is held free until it is there. */
export function reservedBox(
  image: { width: number; height: number; colour: string } | null,
  boxHeight: number,
): { width: string; aspectRatio: string; backgroundColor: string } | undefined {
  if (!image) return undefined;
  const { width, height, colour } = image;
  // never larger than it is: an icon of 16 pixels stays one
  const widest = Math.max(1, Math.min(Math.round((boxHeight * width) / height), width));
  return { width: `min(100%, ${widest}px)`, aspectRatio: `${width} / ${height}`, backgroundColor: colour };
}
