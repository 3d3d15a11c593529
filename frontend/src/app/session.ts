import { meQuery, type User } from "@/features/auth/api/me";
import { uploadQueue } from "@/features/uploads/queue";
import { createQueryClient } from "./query-client";

type Go = (reason: "expired" | "signed-out") => void;

let go: Go = () => undefined;
let lastUserId: string | null = null;

export const queryClient = createQueryClient(() => sessionEnded());

/** The router comes after the query client; it tells here how to reach the login page. */
export function onSignedOff(navigate: Go): void {
  go = navigate;
}

/** The server has ended the session: uploads keep their place and go on after signing in. */
export function sessionEnded(): void {
  lastUserId = queryClient.getQueryData(meQuery.queryKey)?.id ?? lastUserId;
  queryClient.setQueryData(meQuery.queryKey, null);
  go("expired");
}

export function signedOut(): void {
  uploadQueue.reset();
  lastUserId = null;
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, null);
  go("signed-out");
}

export function signedIn(user: User): void {
  // what one person chose to upload must not land among the files of another
  if (lastUserId !== user.id) uploadQueue.reset();
  else uploadQueue.resume();
  lastUserId = user.id;
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, user);
}
