import type { components } from "@/client/schema";

type Variable = components["schemas"]["VariableJson"];

/** A variable that is not set, as the API returns it. */
export const variable = (name: string, change: Partial<Variable> = {}): Variable => ({
  name,
  value: "",
  set: false,
  editable: true,
  reason: null,
  origin: "default",
  origin_kind: "default",
  origin_file: null,
  origin_line: null,
  secret: false,
  applies: "live",
  help: "",
  valid: true,
  problem: null,
  unit: null,
  kind: "text",
  type: "text",
  choices: [],
  default: "",
  default_note: "",
  pending: false,
  ...change,
});
