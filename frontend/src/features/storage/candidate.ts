import type { components } from "@/client/schema";

type Variable = components["schemas"]["VariableJson"];

export type StorageType = "local" | "s3" | "s3_compatible";

export const STORAGE_TYPES: readonly { value: StorageType; label: string }[] = [
  { value: "local", label: "Local folder" },
  { value: "s3", label: "AWS S3" },
  { value: "s3_compatible", label: "S3-compatible" },
];

export function storageTypeLabel(type: string): string {
  return STORAGE_TYPES.find(({ value }) => value === type)?.label ?? type;
}

const SHARED_S3 = ["S3_KEY_PREFIX", "S3_CA_BUNDLE", "S3_SIGN_PAYLOAD"];

/** The variables that decide about the connection, in the order in which one fills them in. */
const FIELDS: Record<StorageType, readonly string[]> = {
  local: ["LOCAL_STORAGE_PATH"],
  s3: [
    "S3_BUCKET_NAME",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    ...SHARED_S3,
  ],
  s3_compatible: [
    "S3_COMPATIBLE_ENDPOINT",
    "S3_COMPATIBLE_BUCKET_NAME",
    "S3_COMPATIBLE_ACCESS_KEY",
    "S3_COMPATIBLE_SECRET_KEY",
    "S3_COMPATIBLE_REGION",
    "S3_COMPATIBLE_USE_SSL",
    "S3_COMPATIBLE_ADDRESSING_STYLE",
    ...SHARED_S3,
  ],
};

export type Values = Readonly<Record<string, string>>;

/** The variables of one storage type, as far as the server knows them. */
export function fieldsOf(type: StorageType, variables: readonly Variable[]): Variable[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  return FIELDS[type].flatMap((name) => byName.get(name) ?? []);
}

/** What the form begins with: the running values; secrets begin empty. */
export function runningValues(variables: readonly Variable[]): Values {
  return Object.fromEntries(variables.map(({ name, secret, value }) => [name, secret ? "" : value]));
}

/** What is sent: everything of this type; an empty secret is left out, which means the running one. */
export function candidateBody(type: StorageType, fields: readonly Variable[], values: Values): Record<string, string> {
  const sent = fields
    .map(({ name, secret }) => ({ name, secret, value: (values[name] ?? "").trim() }))
    .filter(({ secret, value }) => !secret || value !== "");
  return { STORAGE_TYPE: type, ...Object.fromEntries(sent.map(({ name, value }) => [name, value])) };
}

/** Whether what would be sent is what was sent. */
export function sameCandidate(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** What a problem document says of each field, and what belongs to none that is shown. */
export function sortProblems(
  problems: readonly { variable: string | null; message: string }[],
  fields: readonly Pick<Variable, "name">[],
): { byField: Readonly<Record<string, string>>; others: string[] } {
  const shown = new Set(fields.map(({ name }) => name));
  const byField: Record<string, string> = {};
  const others: string[] = [];
  for (const { variable, message } of problems) {
    if (variable === null) others.push(message);
    else if (!shown.has(variable)) others.push(`${variable}: ${message}`);
    else byField[variable] = [byField[variable], message].filter(Boolean).join(" ");
  }
  return { byField, others };
}
