const NAMES = ["readme.md", "readme.markdown", "readme.txt", "readme"];

/** The README among the files of a folder, if there is one. */
export function readmeOf<Named extends { name: string }>(files: readonly Named[]): Named | undefined {
  const places = files.map(({ name }) => NAMES.indexOf(name.toLowerCase()));
  const best = Math.min(...places.filter((place) => place >= 0));
  return files[places.indexOf(best)];
}
