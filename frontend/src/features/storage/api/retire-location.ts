import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import { locationsKey, type Location } from "./list-locations";

/** Changes: the list of locations. */
export function useRetireLocation(onRetired: (location: Location) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (location: Location) =>
      unwrap(
        client.POST("/api/admin/locations/{location_id}/retire", { params: { path: { location_id: location.id } } }),
      ),
    onSuccess: async (_nothing, location) => {
      onRetired(location);
      await queryClient.invalidateQueries({ queryKey: locationsKey });
    },
  });
}
