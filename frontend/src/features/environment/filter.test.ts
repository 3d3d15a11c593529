import { describe, expect, it } from "vitest";
import { variable } from "@/testing/variable";
import type { Category } from "./api/list-variables";
import { anchorOf, describeOrigin, filterCategories, titleOf } from "./filter";

const categories: Category[] = [
  {
    id: "storage",
    name: "storage",
    variables: [variable("STORAGE_TYPE", { value: "local", set: true }), variable("DOWNLOAD_MODE")],
  },
  {
    id: "s3",
    name: "AWS S3",
    variables: [variable("AWS_ACCESS_KEY_ID", { secret: true, value: "AK…7Q", help: "Access key." })],
  },
];

const names = (filter: Parameters<typeof filterCategories>[1]) =>
  filterCategories(categories, filter).map(({ name, variables }) => [name, variables.map((each) => each.name)]);

describe("filterCategories", () => {
  it("leaves out the categories in which nothing is left", () => {
    expect(names({ q: "", onlySet: true })).toEqual([["storage", ["STORAGE_TYPE"]]]);
  });

  it("looks at name, value and help, in any order of words", () => {
    expect(names({ q: "LOCAL storage", onlySet: false })).toEqual([["storage", ["STORAGE_TYPE"]]]);
    expect(names({ q: "access key", onlySet: false })).toEqual([["AWS S3", ["AWS_ACCESS_KEY_ID"]]]);
  });

  it("does not look into masks", () => {
    expect(names({ q: "…7Q", onlySet: false })).toEqual([]);
  });
});

it("names where a value comes from", () => {
  const file = variable("X", { origin: ".env:12", origin_kind: "file", origin_file: ".env", origin_line: 12 });
  expect(describeOrigin(file)).toBe(".env, line 12");
  expect(describeOrigin({ ...file, origin_line: null })).toBe(".env");
  expect(describeOrigin(variable("X"))).toBe("Default");
  expect(describeOrigin(variable("X", { origin: "command line", origin_kind: "override" }))).toBe("Command line");
});

it("makes titles and anchors", () => {
  expect(titleOf("AWS S3")).toBe("AWS S3");
  expect(titleOf("server")).toBe("Server");
  expect(anchorOf("s3")).toBe("category-s3");
});
