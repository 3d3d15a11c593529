import { expect, it } from "vitest";
import { variable } from "@/testing/variable";
import type { Environment, Variable } from "./api/list-variables";
import { batchOfValues } from "./tested-values";

const inFile = (file: string) => ({ origin_kind: "file" as const, origin_file: file, set: true });

function environmentOf(variables: Variable[]): Environment {
  const file = (name: string) => ({ name, version: `v-${name}`, exists: true, writable: true });
  return {
    aishare: "1",
    version: "",
    app_env: "",
    changed_on_disk: false,
    files: [file(".env"), file(".env.local")],
    categories: [{ id: "storage", name: "storage", variables }],
    problems: [],
  };
}

it("changes what differs from what runs, and nothing else", () => {
  const environment = environmentOf([
    variable("STORAGE_TYPE", { value: "local" }),
    variable("BUCKET", { value: "same", ...inFile(".env") }),
    variable("PREFIX", { value: "old/", ...inFile(".env") }),
    variable("REGION", { value: "us-east-1" }),
    variable("SECRET", { secret: true, value: "masked", ...inFile(".env") }),
    variable("PORT", { value: "8000" }),
  ]);
  const values = { STORAGE_TYPE: "s3", BUCKET: "same", PREFIX: "", REGION: "", SECRET: "typed" };
  expect(batchOfValues(environment, values)).toEqual({
    file: ".env",
    version: "v-.env",
    changes: { STORAGE_TYPE: "s3", PREFIX: null, SECRET: "typed" },
  });
});

it("keeps a secret that was left empty, and has nothing to do for what runs", () => {
  const environment = environmentOf([
    variable("SECRET", { secret: true, value: "masked", set: true }),
    variable("BUCKET", { value: "same" }),
  ]);
  expect(batchOfValues(environment, { BUCKET: "same", SECRET: "" })).toBeNull();
});

it("writes one file, the last that sets any of them", () => {
  const environment = environmentOf([
    variable("STORAGE_TYPE", { value: "s3", ...inFile(".env.local") }),
    variable("PREFIX", { value: "old/", ...inFile(".env") }),
    variable("FOLDER"),
  ]);
  expect(batchOfValues(environment, { STORAGE_TYPE: "local", PREFIX: "", FOLDER: "/x" })).toEqual({
    file: ".env.local",
    version: "v-.env.local",
    changes: { STORAGE_TYPE: "local", PREFIX: "", FOLDER: "/x" },
  });
});

it("writes what runs where a file says something else that does not run yet", () => {
  const environment = environmentOf([variable("BUCKET", { value: "runs", pending: true, ...inFile(".env") })]);
  expect(batchOfValues(environment, { BUCKET: "runs" })?.changes).toEqual({ BUCKET: "runs" });
});
