import type { Environment, Variable } from "./api/list-variables";
import { type Batch, homeOf, variablesOf } from "./drafts";

/**
 * The change that makes tested values the ones in use; null if they are in use already. All of it goes to one file, the
 * last of those that set any of them, for a change is applied as a whole or not at all.
 */
export function batchOfValues(environment: Environment, values: Readonly<Record<string, string>>): Batch | null {
  const changed = variablesOf(environment).filter((variable) => differs(variable, values[variable.name]));
  if (changed.length === 0) return null;
  const places = changed.map((variable) => placeOf(variable, environment.files));
  const file = environment.files[Math.max(...places)];
  const home = file?.name ?? ".env";
  return {
    file: home,
    version: file?.version ?? "",
    changes: Object.fromEntries(changed.map((variable) => [variable.name, written(variable, values, home)])),
  };
}

function differs(variable: Variable, value: string | undefined): boolean {
  // an empty secret means the one in use
  if (value === undefined || (variable.secret && value === "")) return false;
  // what a file says already, but does not run, was not tested
  if (variable.pending || variable.secret) return true;
  return value === "" ? variable.set : value !== variable.value;
}

function placeOf(variable: Variable, files: Environment["files"]): number {
  const home = homeOf(variable, files);
  return Math.max(
    0,
    files.findIndex(({ name }) => name === home),
  );
}

/** No value is no line, or an empty one where another file has a line. */
function written({ name, origin_file }: Variable, values: Readonly<Record<string, string>>, file: string) {
  const value = values[name] ?? "";
  return value === "" && origin_file === file ? null : value;
}
