import type { Tone } from "@/components/ui/state-badge";
import { formatCount, formatQuantity, formatRelative } from "@/lib/format";
import { shownName } from "@/lib/names";
import type { Link, LinkState } from "./api/list-links";

export const STATES: readonly LinkState[] = ["live", "expired", "used_up", "revoked", "gone"];

const LABELS: Record<LinkState, string> = {
  live: "Live",
  expired: "Expired",
  used_up: "Used up",
  revoked: "Revoked",
  gone: "Gone",
};

export function stateLabel(state: LinkState): string {
  return LABELS[state];
}

export function isLinkState(value: unknown): value is LinkState {
  return STATES.some((state) => state === value);
}

export function stateTone(state: LinkState): Tone {
  if (state === "live") return "good";
  return state === "gone" ? "bad" : "neutral";
}

type Counted = Pick<Link, "kind" | "downloads" | "max_downloads">;

/** "2 of 5 downloads", "1 upload", "Not used yet". */
export function usesOf({ kind, downloads, max_downloads: limit }: Counted): string {
  const word = kind === "request" ? "upload" : "download";
  if (limit !== null) return `${formatCount(downloads)} of ${formatQuantity(limit, word)}`;
  return downloads === 0 ? "Not used yet" : formatQuantity(downloads, word);
}

type Restricted = Pick<Link, "username" | "has_password" | "version">;

/** Who may use it and of what, where that is not everybody and the file as it is then. */
export function limitsOf({ username, has_password: hasPassword, version }: Restricted): string[] {
  return [
    username !== null && `for ${username}`,
    hasPassword && "with a password",
    version !== "latest" && "this version only",
  ].filter((part) => part !== false);
}

export function expiryOf({ state, expires_at: end }: Pick<Link, "state" | "expires_at">, now?: number): string {
  if (end === null) return "does not expire";
  return `${state === "expired" ? "expired" : "expires"} ${formatRelative(end, now)}`;
}

type Placed = Pick<Link, "kind" | "file" | "folder">;

/** The name of what a link leads to. */
export function targetName({ file, folder }: Placed): string {
  if (file) return shownName(file.name);
  const path = folder ?? "";
  return shownName(path.slice(path.lastIndexOf("/") + 1)) || "a deleted file";
}

/** Where it lies, if that says more than its name. */
export function targetPath(link: Placed): string | null {
  const path = shownName(link.file?.path ?? link.folder ?? "");
  return path === targetName(link) || path === "" ? null : path;
}
