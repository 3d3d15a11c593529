import { focusManager } from "@tanstack/react-query";
import { meQuery, type User } from "@/features/auth/api/me";
import { uploadQueue } from "@/features/uploads/queue";
import { Outage } from "./outage";
import { createQueryClient, followFocus } from "./query-client";
import { tabs } from "./tabs";

type Go = (reason: "expired" | "signed-out") => void;

let go: Go = () => undefined;
let lastUserId: string | null = null;

export const queryClient = createQueryClient({ onSessionEnd: () => sessionEnded(), onChange: () => tabs.tell() });
export const outage = new Outage(queryClient);

followFocus(queryClient);
// a tab that nobody looks at asks when somebody does
tabs.onTold(() => void queryClient.invalidateQueries({ refetchType: focusManager.isFocused() ? "active" : "none" }));

/** The router, created after the query client, registers here how to open the sign-in page. */
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
  // one user's pending uploads must not end up among another user's files
  if (lastUserId !== user.id) uploadQueue.reset();
  else uploadQueue.resume();
  lastUserId = user.id;
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, user);
}
