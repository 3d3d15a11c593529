import type { Category, Variable } from "./api/list-variables";

export interface VariableFilter {
  q: string;
  onlySet: boolean;
}

/** The categories with the variables that match; without those where nothing is left. */
export function filterCategories(categories: readonly Category[], { q, onlySet }: VariableFilter): Category[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (variable: Variable) => (!onlySet || variable.set) && words.every((word) => mentions(variable, word));
  return categories
    .map((category) => ({ ...category, variables: category.variables.filter(matches) }))
    .filter((category) => category.variables.length > 0);
}

function mentions({ name, value, origin, help, secret }: Variable, word: string): boolean {
  // looking for "•" is no way to find the secrets that are set
  const texts = secret ? [name, origin, help] : [name, value, origin, help];
  return texts.some((text) => text.toLowerCase().includes(word));
}

export function titleOf(category: string): string {
  return category.charAt(0).toUpperCase() + category.slice(1);
}

/** The id of a category's heading, to jump to. */
export function anchorOf(id: string): string {
  return `category-${id}`;
}

/** Where the value comes from, for reading: ".env, line 12". */
export function describeOrigin(
  variable: Pick<Variable, "origin" | "origin_kind" | "origin_file" | "origin_line">,
): string {
  if (variable.origin_kind === "file" && variable.origin_file) {
    return variable.origin_line ? `${variable.origin_file}, line ${variable.origin_line}` : variable.origin_file;
  }
  return variable.origin_kind === "default" ? "Default" : titleOf(variable.origin);
}
