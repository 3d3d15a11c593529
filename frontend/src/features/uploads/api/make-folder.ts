import { client, unwrap } from "@/lib/http";

/** Among one's own files, or below the folder of a share. */
export async function makeFolder(path: string, shareId: string | null): Promise<void> {
  const body = { path };
  if (shareId === null) await unwrap(client.POST("/api/folders", { body }));
  else await unwrap(client.POST("/api/shares/{share_id}/folders", { params: { path: { share_id: shareId } }, body }));
}
