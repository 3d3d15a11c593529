import type { components } from "@/client/schema";

type NewMigration = components["schemas"]["NewMigrationBody"];

export const MAX_CONCURRENCY = 32;
const MEGABYTE = 1_000_000;
const HOUR_SECONDS = 3600;

/** As the fields of the form have it: an empty field is "". */
export interface Options {
  concurrency: number | string;
  /** Megabytes per second; empty is no limit. */
  rate: number | string;
  verify: NewMigration["verify"];
  /** Hours. */
  grace: number | string;
}

export const DEFAULTS: Options = { concurrency: 6, rate: "", verify: "read", grace: 24 };

/** What is wrong with a field, by its name. */
export function problemsOf(options: Pick<Options, "concurrency" | "rate"> & Partial<Options>): Record<string, string> {
  const problems: Record<string, string> = {};
  const { concurrency, rate, grace } = options;
  if (!isWhole(concurrency) || Number(concurrency) < 1 || Number(concurrency) > MAX_CONCURRENCY) {
    problems.concurrency = `Enter a number from 1 to ${MAX_CONCURRENCY}.`;
  }
  if (rate !== "" && !(rateBytes(rate) ?? 0)) problems.rate = "Enter a number above 0, or leave empty for no limit.";
  if (grace !== undefined && (!isWhole(grace) || Number(grace) < 0)) problems.grace = "Enter 0 or more hours.";
  return problems;
}

function isWhole(value: number | string): boolean {
  return value !== "" && Number.isInteger(Number(value));
}

/** Bytes per second of a field in megabytes; null is no limit. */
export function rateBytes(rate: number | string): number | null {
  return rate === "" ? null : Math.round(Number(rate) * MEGABYTE);
}

/** The field of a limit in bytes per second. */
export function rateField(bytesPerSecond: number | null): number | string {
  return bytesPerSecond === null ? "" : bytesPerSecond / MEGABYTE;
}

/** What is sent. */
export function bodyOf(ends: { source: string; target: string; plan_id: string }, options: Options): NewMigration {
  return {
    ...ends,
    concurrency: Number(options.concurrency),
    bytes_per_second: rateBytes(options.rate),
    verify: options.verify,
    grace_seconds: Number(options.grace) * HOUR_SECONDS,
  };
}
