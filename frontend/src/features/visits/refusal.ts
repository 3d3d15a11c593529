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
    text: "Check that the address is complete: it is easily cut off when it is copied. If it is, ask for a new one.",
  },
  expired: {
    title: "This link has expired",
    text: "It worked for a limited time. Ask whoever sent it for a new one.",
  },
  revoked: {
    title: "This link was withdrawn",
    text: "Whoever made it has taken it back. Ask them if you still need the file.",
  },
  "used-up": {
    title: "This link has been used up",
    text: "It was made for a limited number of uses. A download that has begun goes on; for more, ask for a new link.",
  },
  gone: {
    title: "What was shared here is gone",
    text: "It was deleted or replaced, or the account it belonged to was closed.",
  },
  "other-user": {
    title: "This link is for somebody else",
    text: "It was made for one person, and you are signed in as another. Sign in as that person to open it.",
  },
  "sign-in": {
    title: "Sign in to open this link",
    text: "It was made for one person. Sign in so that it is known who you are.",
  },
};
