/** Paths as the server writes them: no slash at either end, "" for the top folder. */
export function joinPath(folder: string, name: string): string {
  return folder ? `${folder}/${name}` : name;
}

export function parentOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "" : path.slice(0, cut);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder itself and all above it, topmost first. */
export function lineage(folder: string): string[] {
  if (!folder) return [];
  const names = folder.split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** What is wrong with a name; null if nothing is. The server checks again. */
export function nameProblem(name: string): string | null {
  if (!name.trim()) return "Enter a name.";
  if (name.includes("/")) return "A name cannot contain a slash.";
  if (name === "." || name === "..") return "This name is reserved.";
  return null;
}
