const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** The choices of expiry; null is the default of the server, 0 never expires where that is allowed. */
export const EXPIRIES = [
  { value: "default", label: "Default", seconds: null },
  { value: "hour", label: "1 hour", seconds: HOUR_SECONDS },
  { value: "day", label: "1 day", seconds: DAY_SECONDS },
  { value: "week", label: "7 days", seconds: 7 * DAY_SECONDS },
  { value: "month", label: "30 days", seconds: 30 * DAY_SECONDS },
  { value: "quarter", label: "90 days", seconds: 90 * DAY_SECONDS },
  { value: "year", label: "1 year", seconds: 365 * DAY_SECONDS },
  { value: "never", label: "Never", seconds: 0 },
] as const;

/** The fields of the form, as they are typed. */
export interface LinkOptions {
  expiry: string;
  password: string;
  username: string;
  maxUses: string;
  /** This content alone: the link ends when the file is replaced. */
  frozen: boolean;
  note: string;
}

export const DEFAULT_OPTIONS: LinkOptions = {
  expiry: "default",
  password: "",
  username: "",
  maxUses: "",
  frozen: false,
  note: "",
};

/** What the service is asked for. */
export interface LinkWish {
  expires_in: number | null;
  password: string | null;
  username: string | null;
  max_downloads: number | null;
  version: "latest" | "current";
  note: string | null;
}

export function wishOf({ expiry, password, username, maxUses, frozen, note }: LinkOptions): LinkWish {
  return {
    expires_in: EXPIRIES.find(({ value }) => value === expiry)?.seconds ?? null,
    password: password || null,
    username: username.trim() || null,
    max_downloads: maxUses.trim() === "" ? null : Number(maxUses),
    version: frozen ? "current" : "latest",
    note: note.trim() || null,
  };
}

/** What is wrong with the limit as typed, in words; null for nothing. */
export function limitProblem(maxUses: string): string | null {
  if (maxUses.trim() === "") return null;
  const count = Number(maxUses);
  return Number.isInteger(count) && count >= 1 && count <= 1_000_000 ? null : "A whole number from 1 to 1,000,000.";
}
