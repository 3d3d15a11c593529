import { describe, expect, it } from "vitest";
import { variable } from "@/testing/variable";
import { candidateBody, fieldsOf, runningValues, sameCandidate, sortProblems } from "./candidate";

const set = (name: string, value = "", secret = false) => variable(name, { value, secret, set: value !== "" });

const variables = [
  set("LOCAL_STORAGE_PATH", "/srv/files"),
  set("S3_COMPATIBLE_BUCKET_NAME", "data"),
  set("S3_COMPATIBLE_ENDPOINT", "http://localhost:9000"),
  set("S3_COMPATIBLE_SECRET_KEY", "••••••••", true),
];

describe("a candidate", () => {
  it("shows the fields of its type alone, in the order of the form", () => {
    expect(fieldsOf("local", variables).map(({ name }) => name)).toEqual(["LOCAL_STORAGE_PATH"]);
    expect(fieldsOf("s3_compatible", variables).map(({ name }) => name)).toEqual([
      "S3_COMPATIBLE_ENDPOINT",
      "S3_COMPATIBLE_BUCKET_NAME",
      "S3_COMPATIBLE_SECRET_KEY",
    ]);
  });

  it("begins with what runs, and with empty secrets", () => {
    expect(runningValues(variables)).toMatchObject({ S3_COMPATIBLE_BUCKET_NAME: "data", S3_COMPATIBLE_SECRET_KEY: "" });
  });

  it("sends cleared fields as empty, and leaves out a secret that was not typed", () => {
    const fields = fieldsOf("s3_compatible", variables);
    expect(candidateBody("s3_compatible", fields, { S3_COMPATIBLE_ENDPOINT: " http://x " })).toEqual({
      STORAGE_TYPE: "s3_compatible",
      S3_COMPATIBLE_ENDPOINT: "http://x",
      S3_COMPATIBLE_BUCKET_NAME: "",
    });
    expect(candidateBody("s3_compatible", fields, { S3_COMPATIBLE_SECRET_KEY: "s" })).toMatchObject({
      S3_COMPATIBLE_SECRET_KEY: "s",
    });
  });
});

it("tells values that changed after they were sent", () => {
  const sent = { STORAGE_TYPE: "local", LOCAL_STORAGE_PATH: "/a" };
  expect(sameCandidate(sent, { LOCAL_STORAGE_PATH: "/a", STORAGE_TYPE: "local" })).toBe(true);
  expect(sameCandidate(sent, { ...sent, LOCAL_STORAGE_PATH: "/b" })).toBe(false);
  expect(sameCandidate(sent, { STORAGE_TYPE: "local" })).toBe(false);
  expect(sameCandidate(sent, { ...sent, SECRET: "typed" })).toBe(false);
});

it("puts problems to their fields, and those of others aside", () => {
  const problems = [
    { variable: "A", message: "is wrong." },
    { variable: "A", message: "Twice." },
    { variable: "B", message: "is missing." },
    { variable: null, message: "Nothing fits." },
  ];
  expect(sortProblems(problems, [{ name: "A" }])).toEqual({
    byField: { A: "is wrong. Twice." },
    others: ["B: is missing.", "Nothing fits."],
  });
});
