import { useMemo } from "react";
import type { PreviewDoors } from "@/components/preview/doors";
import { pictureDoor } from "@/components/preview/pictures";
import { client, unwrap } from "@/lib/http";
import { parentOf } from "@/lib/paths";
import { memberPicture } from "./addresses";

/** How files behind a link are looked at. The bytes themselves are for downloads, which are counted. */
export function useDoors(token: string): PreviewDoors {
  return useMemo(
    () => ({
      key: `link ${token}`,
      contentUrl: () => null,
      read: ({ path }, page, signal) =>
        unwrap(client.GET("/api/d/{token}/preview", { params: { path: { token }, query: { page, path } }, signal })),
      picturesBeside: ({ path }) => pictureDoor(parentOf(path), (picture) => memberPicture(token, picture)),
    }),
    [token],
  );
}
