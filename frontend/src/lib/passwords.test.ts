import { expect, it } from "vitest";
import { passwordProblem } from "./passwords";

it("counts letters, not the halves of them", () => {
  expect(passwordProblem("1234567")).toBe("At least 8 characters.");
  expect(passwordProblem("12345678")).toBeNull();
  expect(passwordProblem("🐧".repeat(7))).toBe("At least 8 characters.");
});
