import { useParams } from "@tanstack/react-router";

/** The folder that the files page shows; "" at the top and on every other page. */
export function useOpenFolder(): string {
  return useParams({ strict: false, select: (params) => params._splat ?? "" });
}
