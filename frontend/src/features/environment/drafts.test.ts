import { describe, expect, it } from "vitest";
import { variable } from "@/testing/variable";
import type { Environment } from "./api/list-variables";
import { batchesOf, draftsReducer, isChange, lockOf, noDrafts } from "./drafts";

const inFile = (file: string) => ({ set: true, origin_kind: "file", origin_file: file }) as const;

const environment: Environment = {
  aishare: "0",
  version: "v1",
  app_env: "production",
  changed_on_disk: false,
  files: [
    { name: ".env", version: "v1", exists: true, writable: true },
    { name: ".env.local", version: "v2", exists: true, writable: false },
  ],
  categories: [
    {
      id: "server",
      name: "server",
      variables: [variable("PORT", { value: "8000" }), variable("HOST", inFile(".env.local"))],
    },
    {
      id: "s3_compatible",
      name: "S3-compatible",
      variables: [variable("KEY", { secret: true, value: "••••", ...inFile(".env") })],
    },
  ],
  problems: [],
};
const { files } = environment;
const edit = (drafts: typeof noDrafts, name: string, value: string | null, seen = files) =>
  draftsReducer(drafts, { type: "edit", name, value, files: seen });

describe("isChange", () => {
  it("takes an empty field of a secret for the secret that is there", () => {
    const secret = variable("KEY", { secret: true, value: "••••", ...inFile(".env") });
    expect(isChange(secret, "")).toBe(false);
    expect(isChange(secret, "new")).toBe(true);
  });

  it("removes only what a file sets", () => {
    expect(isChange(variable("X"), null)).toBe(false);
    expect(isChange(variable("X", inFile(".env")), null)).toBe(true);
  });
});

describe("batchesOf", () => {
  it("has one batch for each file, without what is as it was", () => {
    const drafts = edit(edit(edit(noDrafts, "PORT", "8000"), "HOST", "::1"), "KEY", null);
    expect(batchesOf(environment, drafts)).toEqual([
      { file: ".env.local", version: "v2", changes: { HOST: "::1" } },
      { file: ".env", version: "v1", changes: { KEY: null } },
    ]);
  });

  it("keeps the version that the editing began with until the new state is loaded", () => {
    const newer = files.map((file) => ({ ...file, version: "v9" }));
    let drafts = edit(edit(noDrafts, "PORT", "1"), "PORT", "2", newer);
    expect(batchesOf({ ...environment, files: newer }, drafts)[0]?.version).toBe("v1");
    drafts = draftsReducer(drafts, { type: "rebase", files: newer });
    expect(batchesOf({ ...environment, files: newer }, drafts)[0]).toEqual({
      file: ".env",
      version: "v9",
      changes: { PORT: "2" },
    });
  });

  it("goes on with the other file after one was applied", () => {
    let drafts = edit(edit(noDrafts, "PORT", "1"), "HOST", "::1");
    drafts = draftsReducer(drafts, { type: "applied", file: ".env", names: ["PORT"], version: "v5" });
    expect(batchesOf(environment, drafts)).toEqual([{ file: ".env.local", version: "v2", changes: { HOST: "::1" } }]);
  });
});

it("shows a problem until its variable is edited again", () => {
  const problems = [
    { variable: "PORT", message: "no number" },
    { variable: null, message: "no line" },
  ];
  const refused = draftsReducer(edit(noDrafts, "PORT", "much"), { type: "refused", problems });
  expect(refused.problems).toEqual({ PORT: "no number" });
  expect(edit(refused, "PORT", "1").problems).toEqual({});
});

it("says why a variable is locked", () => {
  const reason = "is set by the process environment";
  expect(lockOf(variable("X", { editable: false, reason }), files)).toBe(
    "Locked: it is set by the process environment.",
  );
  expect(lockOf(variable("X", inFile(".env.local")), files)).toBe("Locked: aishare cannot write to .env.local.");
  expect(lockOf(variable("X"), files)).toBeNull();
});
