const PIECE_BYTES = 4 * 1024 * 1024;

/** Whether a file has this digest. Hashed by a library: browsers do it piece by piece nowhere, and on HTTP not at all. */
export async function hasDigest(file: Blob, sha256: string): Promise<boolean> {
  const { sha256: hash } = await import("@noble/hashes/sha2.js");
  const digest = hash.create();
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    digest.update(new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer()));
  }
  return Array.from(digest.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
