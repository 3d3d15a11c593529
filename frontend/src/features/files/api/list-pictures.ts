import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { filesKey } from "./list-files";

/** At most this many images of a folder can be stepped through. */
const LIMIT = 1000;

/** The images of one folder, by name. */
export function picturesQuery(folder: string) {
  return queryOptions({
    queryKey: [...filesKey, "pictures", folder] as const,
    queryFn: async ({ signal }) => {
      const query = { folder, kind: "image", sort: "name", limit: LIMIT } as const;
      return (await unwrap(client.GET("/api/files", { params: { query }, signal }))).items;
    },
  });
}
