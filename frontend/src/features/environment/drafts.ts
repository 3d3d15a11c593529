import type { Environment, Variable } from "./api/list-variables";

/** Edits that are not applied yet: null takes the variable out of its file. An entry may still say what runs. */
export interface Drafts {
  values: Readonly<Record<string, string | null>>;
  /** Each file's version when the editing began, so that nobody else's change is overwritten unseen. */
  versions: Readonly<Record<string, string>>;
  /** What was wrong when the edits were last reviewed, by variable. */
  problems: Readonly<Record<string, string>>;
}

export type DraftEvent =
  | { type: "edit"; name: string; value: string | null; files: Environment["files"] }
  | { type: "drop"; names: readonly string[] }
  | { type: "applied"; file: string | undefined; names: readonly string[]; version: string }
  | { type: "rebase"; files: Environment["files"] }
  | { type: "refused"; problems: readonly { variable: string | null; message: string }[] };

export const noDrafts: Drafts = { values: {}, versions: {}, problems: {} };

export function draftsReducer(drafts: Drafts, event: DraftEvent): Drafts {
  switch (event.type) {
    case "edit": {
      const versions = isEmpty(drafts.values) ? versionsOf(event.files) : drafts.versions;
      const values = { ...drafts.values, [event.name]: event.value };
      return { values, versions, problems: without(drafts.problems, [event.name]) };
    }
    case "drop": {
      const values = without(drafts.values, event.names);
      return { ...drafts, values, problems: without(drafts.problems, event.names) };
    }
    case "applied": {
      const versions = event.file ? { ...drafts.versions, [event.file]: event.version } : drafts.versions;
      return { values: without(drafts.values, event.names), versions, problems: {} };
    }
    case "rebase":
      return { ...drafts, versions: versionsOf(event.files) };
    case "refused":
      return { ...drafts, problems: problemsByName(event.problems) };
  }
}

/** The edits of one file, as they are sent: a change is made to one file at a time. */
export interface Batch {
  file: string;
  version: string;
  changes: Record<string, string | null>;
}

export function batchesOf(environment: Environment, drafts: Drafts): Batch[] {
  const batches = new Map<string, Batch>();
  for (const variable of variablesOf(environment)) {
    const value = drafts.values[variable.name];
    if (value === undefined || !isChange(variable, value)) continue;
    const file = homeOf(variable, environment.files);
    const batch = batches.get(file) ?? { file, version: drafts.versions[file] ?? "", changes: {} };
    batch.changes[variable.name] = value;
    batches.set(file, batch);
  }
  return [...batches.values()];
}

/** A secret is never shown, so its empty field says "as it is". */
export function isChange(variable: Variable, value: string | null): boolean {
  if (value === null) return variable.origin_kind === "file";
  return variable.secret ? value !== "" : value !== variable.value;
}

/** What a field begins with. */
export function startValue(variable: Variable): string {
  return variable.secret ? "" : variable.value;
}

/** The file in which a variable is changed: the one that sets it, or else the first. */
export function homeOf(variable: Variable, files: Environment["files"]): string {
  const own = variable.origin_kind === "file" ? variable.origin_file : null;
  return own ?? files[0]?.name ?? ".env";
}

/** Why a variable cannot be edited here, as a sentence. */
export function lockOf(variable: Variable, files: Environment["files"]): string | null {
  if (!variable.editable) return `Locked: it ${variable.reason ?? "cannot be edited"}.`;
  const home = files.find((file) => file.name === homeOf(variable, files));
  return home?.writable === false ? `Locked: aishare cannot write to ${home.name}.` : null;
}

export function variablesOf(environment: Environment): Variable[] {
  return environment.categories.flatMap((category) => category.variables);
}

function versionsOf(files: Environment["files"]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.name, file.version]));
}

function problemsByName(problems: readonly { variable: string | null; message: string }[]): Record<string, string> {
  return Object.fromEntries(
    problems.flatMap(({ variable, message }) => (variable === null ? [] : [[variable, message] as const])),
  );
}

function without<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}
