import type { components } from "@/client/schema";

type Scope = NonNullable<components["schemas"]["NewTokenBody"]["scopes"]>[number];

interface Choice {
  value: string;
  label: string;
  scopes: Scope[] | null;
}

const CHOICES: readonly Choice[] = [
  { value: "all", label: "Do everything that you may do", scopes: null },
  { value: "read", label: "Look and download", scopes: ["read"] },
  { value: "write", label: "Look, download, upload, change and delete", scopes: ["write"] },
  { value: "admin", label: "Administer, without your files", scopes: ["admin"] },
];

const WORDS: Record<Scope, string> = { read: "read", write: "read and write", admin: "administer" };

/** What a token may be made for. Only superusers have something to administer, and a folder has nothing. */
export function choices({ superuser, folder }: { superuser: boolean; folder: string }): Choice[] {
  return CHOICES.filter(({ value }) => value !== "admin" || (superuser && folder === ""));
}

export function scopesOf(choice: string): Scope[] | null {
  return CHOICES.find(({ value }) => value === choice)?.scopes ?? null;
}

/** Plain words for a list: what the token may do, and where. */
export function rightsText(scopes: readonly Scope[] | null, folder: string | null): string {
  const kinds = scopes?.filter((scope) => scope !== "read" || !scopes.includes("write"));
  const may = kinds ? kinds.map((scope) => WORDS[scope]).join(", ") : "everything you may do";
  return `May ${kinds ? "" : "do "}${may}${folder === null ? "" : ` in ${folder}`}`;
}
