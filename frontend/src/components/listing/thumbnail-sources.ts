/** The addresses of a thumbnail for an `img`, for normal and high-density screens. */
export function thumbnailSources(url: string): { src: string; srcSet: string } {
  return { src: url, srcSet: `${url} 1x, ${largeThumbnail(url)} 2x` };
}

/** The thumbnail at twice the size that is set on the server. */
export function largeThumbnail(url: string): string {
  return `${url}&scale=2`;
}

/** The width of an image in a box of this height, and the space reserved for it while it loads. */
export function reservedBox(
  image: { width: number; height: number; colour: string } | null,
  boxHeight: number,
): { width: string; aspectRatio: string; backgroundColor: string } | undefined {
  if (!image) return undefined;
  const { width, height, colour } = image;
  // never enlarged: an icon of 16 pixels stays that small
  const widest = Math.max(1, Math.min(Math.round((boxHeight * width) / height), width));
  return { width: `min(100%, ${widest}px)`, aspectRatio: `${width} / ${height}`, backgroundColor: colour };
}
