import type { ApiError } from "@/lib/http";

export type RefusalKind =
  "unknown" | "expired" | "revoked" | "used-up" | "gone" | "other-user" | "sign-in" | "password";

const KINDS: Record<string, RefusalKind> = {
  link_expired: "expired",
  link_revoked: "revoked",
  link_used_up: "used-up",
  link_gone: "gone",
  link_other_user: "other-user",
  link_password_required: "password",
  not_authenticated: "sign-in",
};

/** Why a link shows nothing. What has no reason of its own is a link that never was. */
export function refusalKind({ code }: Pick<ApiError, "code">): RefusalKind {
  return KINDS[code] ?? "unknown";
}

interface Words {
  title: string;
  text: string;
}

/** What is said about a link that cannot be opened by anybody, or not by this person. */
export const REFUSAL_WORDS: Record<Exclude<RefusalKind, "password">, Words> = {
  unknown: {
    title: "There is no such link",
    text: "Check that you copied the whole address, or ask the sender for a new link.",
  },
  expired: {
    title: "This link has expired",
    text: "Ask the person who sent it for a new one.",
  },
  revoked: {
    title: "This link was revoked",
    text: "Its owner has turned it off. Ask them for a new link if you still need it.",
  },
  "used-up": {
    title: "This link has been used up",
    text: "It has reached its limit. A download that is running will finish; for more, ask for a new link.",
  },
  gone: {
    title: "This file or folder is no longer available",
    text: "It was deleted or replaced, or its owner's account was closed.",
  },
  "other-user": {
    title: "This link is for another user",
    text: "You are signed in with another account. Sign in with the account that it was shared with.",
  },
  "sign-in": {
    title: "Sign in to open this link",
    text: "Only the person it was shared with can open it.",
  },
};
