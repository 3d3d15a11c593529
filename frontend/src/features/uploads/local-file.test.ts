import { expect, it } from "vitest";
import { bodyOf, localProblem } from "./local-file";

it("sends the same bytes", async () => {
  for (const text of ["", "x", "some bytes"]) expect(await bodyOf(new Blob([text])).text()).toBe(text);
});

/** As a file on a disk that cannot be read any more. */
function lost(name: string, size = 3): File {
  const file = new File(["x".repeat(size)], "a", { lastModified: 1000 });
  const fail = () => Promise.reject(new DOMException("", name));
  Object.assign(file, { arrayBuffer: fail, slice: () => ({ arrayBuffer: fail }) });
  return file;
}

const entry = (now: File | Error) =>
  ({
    file: (resolve: (file: File) => void, reject: (error: Error) => void) =>
      now instanceof File ? resolve(now) : reject(now),
  }) as unknown as FileSystemFileEntry;

const now = (size: number, lastModified: number) => new File(["x".repeat(size)], "a", { lastModified });

it.each([
  [lost("NotFoundError"), undefined, "file_gone"],
  [lost("NotFoundError", 0), undefined, "file_gone"],
  [lost("NotReadableError"), undefined, "file_changed"],
  [lost("NotReadableError"), entry(now(3, 1000)), "file_forbidden"],
  [lost("NotReadableError"), entry(now(4, 1000)), "file_changed"],
  [lost("NotReadableError"), entry(now(3, 2000)), "file_changed"],
  [lost("NotReadableError"), entry(new DOMException("", "NotFoundError")), "file_gone"],
])("tells why a file cannot be read (%#)", async (file, dropped, code) => {
  expect(await localProblem({ path: "a", file, ...(dropped && { entry: dropped }) })).toMatchObject({ code });
});

it("finds nothing wrong with a file that is as it was", async () => {
  expect(await localProblem({ path: "a", file: new File(["abc"], "a") })).toBe(null);
  expect(await localProblem({ path: "a", file: new File([], "a") })).toBe(null);
});
