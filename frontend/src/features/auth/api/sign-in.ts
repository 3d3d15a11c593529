import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "@/lib/http";
import type { User } from "./me";

export type Credentials = { username: string; password: string } | { demo: string };

export function signIn(credentials: Credentials): Promise<User> {
  if ("demo" in credentials) {
    return unwrap(client.POST("/api/auth/demo-login", { body: { username: credentials.demo } }));
  }
  return unwrap(client.POST("/api/auth/login", { body: credentials }));
}

/** A wrong password is an answer to this form, not the end of a session. */
export function useSignIn(onSignedIn: (user: User) => void) {
  return useMutation({ mutationFn: signIn, onSuccess: onSignedIn, meta: { keepsSession: true } });
}
