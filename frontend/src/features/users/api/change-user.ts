import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { type Person, usersKey } from "./list-users";

export type UserChange = components["schemas"]["ChangeUserBody"];

/** Changes: the list of users. */
export function useChangeUser(onChanged: (person: Person, change: UserChange) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ person, change }: { person: Person; change: UserChange }) =>
      unwrap(client.PATCH("/api/admin/users/{user_id}", { params: { path: { user_id: person.id } }, body: change })),
    onSuccess: async (person, { change }) => {
      onChanged(person, change);
      await queryClient.invalidateQueries({ queryKey: usersKey });
    },
  });
}
