import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/client/schema";
import { client, unwrap } from "@/lib/http";
import { type Person, usersKey } from "./list-users";

export type UserWish = components["schemas"]["NewUserBody"];

/** Changes: the list of users. */
export function useCreateUser(onCreated: (person: Person) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wish: UserWish) => unwrap(client.POST("/api/admin/users", { body: wish })),
    onSuccess: async (person) => {
      onCreated(person);
      await queryClient.invalidateQueries({ queryKey: usersKey });
    },
  });
}
