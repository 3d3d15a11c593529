import type { components } from "@/client/schema";

type Scope = NonNullable<components["schemas"]["NewTokenBody"]["scopes"]>[number];

interface Choice {
  value: string;
  label: string;
  scopes: Scope[] | null;
}

const CHOICES: readonly Choice[] = [
  { value: "all", label: "Full access: everything you can do", scopes: null },
  { value: "read", label: "Read: view and download", scopes: ["read"] },
  { value: "write", label: "Read and write: view, download, upload, change and delete", scopes: ["write"] },
  { value: "admin", label: "Administration: no access to your files", scopes: ["admin"] },
];

const WORDS: Record<Scope, string> = { read: "read", write: "read and write", admin: "administration" };

/** The permissions on offer. Only an administrator's token can administer, and not if it is limited to a folder. */
export function choices({ superuser, folder }: { superuser: boolean; folder: string }): Choice[] {
  return CHOICES.filter(({ value }) => value !== "admin" || (superuser && folder === ""));
}

export function scopesOf(choice: string): Scope[] | null {
  return CHOICES.find(({ value }) => value === choice)?.scopes ?? null;
}

/** The permissions of a token in words, for a list. */
export function rightsText(scopes: readonly Scope[] | null, folder: string | null): string {
  const kinds = scopes?.filter((scope) => scope !== "read" || !scopes.includes("write"));
  const words = kinds ? kinds.map((scope) => WORDS[scope]).join(", ") : "full access";
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${folder === null ? "" : ` in ${folder}`}`;
}
