import { queryOptions } from "@tanstack/react-query";
import { problemFrom, unreachable } from "@/lib/http";
import { contentUrl } from "../download-url";
import type { File } from "./list-files";

/** Of a larger file only the beginning is fetched. */
export const READ_BYTES = 262_144;

export interface Beginning {
  text: string;
  /** There is more behind it. */
  cut: boolean;
}

/** The beginning of a text, by Range. The hash is part of the key: a replaced file is read again. */
export function textQuery({ id, sha256, size }: File) {
  return queryOptions({
    queryKey: ["text", id, sha256] as const,
    queryFn: ({ signal }) => readBeginning(id, size, signal),
    staleTime: "static",
  });
}

async function readBeginning(id: string, size: number, signal: AbortSignal): Promise<Beginning> {
  // no range of an empty file can be satisfied
  if (size === 0) return { text: "", cut: false };
  const headers = { Range: `bytes=0-${READ_BYTES - 1}` };
  const answer = await fetch(contentUrl(id), { headers, signal }).catch((error: unknown) => {
    throw error instanceof DOMException ? error : unreachable();
  });
  if (!answer.ok) {
    const body: unknown = await answer.json().catch(() => undefined);
    throw problemFrom(answer.status, body, answer.headers.get("x-request-id"));
  }
  const bytes = await answer.arrayBuffer();
  const cut = size > READ_BYTES;
  // a letter cut in half at the end is left out, not shown as a question mark
  return { text: new TextDecoder().decode(bytes, { stream: cut }), cut };
}
