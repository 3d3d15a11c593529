import { expect, it } from "vitest";
import { ApiError } from "@/lib/http";
import { forEach } from "./bulk";

const problem = (status: number) => new ApiError({ status, code: "x", title: "x" });

it("goes on after a refusal and says what was refused", async () => {
  const seen: number[] = [];
  const outcome = await forEach(
    [1, 2, 3, 4, 5, 6],
    (item) => (item === 2 ? Promise.reject(problem(409)) : Promise.resolve()),
    (ended) => seen.push(ended),
  );
  expect([...outcome.done].sort()).toEqual([1, 3, 4, 5, 6]);
  expect(outcome.failures.map(({ item, error }) => [item, error.status])).toEqual([[2, 409]]);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
});

it("keeps four requests going, no more", async () => {
  let running = 0;
  let most = 0;
  await forEach(
    Array.from({ length: 20 }, (_, index) => index),
    async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
    },
  );
  expect(most).toBe(4);
});

it("stops at the end of the session", async () => {
  await expect(forEach([1], () => Promise.reject(problem(401)))).rejects.toMatchObject({ status: 401 });
});
