import { expect, it } from "vitest";
import { portions } from "./api/look-up";
import { freeNames, numbered } from "./clashes";
import { UploadQueue } from "./queue";
import { files, place, problem, settled, wire } from "./testing";

const shown = (queue: UploadQueue) => queue.list.snapshot();
const states = (queue: UploadQueue) => shown(queue).map((upload) => upload.state);

function start(there: Parameters<typeof place>[0] = {}) {
  const line = wire();
  const queue = new UploadQueue(line.send, () => Promise.resolve(true));
  return { ...line, ...place(there), queue };
}

it.each([
  ["a/data.csv", 1, "a/data (1).csv"],
  ["data", 2, "data (2)"],
  [".env", 1, ".env (1)"],
  ["x/set.tar.gz", 1, "x/set (1).tar.gz"],
  [".tar.gz", 1, ".tar (1).gz"],
  ["v1.2/notes", 3, "v1.2/notes (3)"],
  [`${"ü".repeat(125)}.csv`, 1, `${"ü".repeat(123)} (1).csv`],
])("numbers %s", (path, number, name) => {
  expect(numbered(path, number)).toBe(name);
});

it("finds free names, each another", async () => {
  const taken = new Set(["a (1).txt", "a (2).txt", "b (1).txt"]);
  const lookUp = (paths: readonly string[]) =>
    Promise.resolve(new Map(paths.filter((p) => taken.has(p)).map((p) => [p, 1])));
  expect(await freeNames(["a.txt", "a.txt", "b.txt"], lookUp, new Set(["b (2).txt"]))).toEqual([
    "a (3).txt",
    "a (4).txt",
    "b (3).txt",
  ]);
});

it("asks for ten thousand names in ten requests, and for long ones in more", () => {
  expect(portions(Array.from({ length: 10_000 }, (_, number) => `set/${number}.txt`)).length).toBe(10);
  expect(portions(Array.from({ length: 1000 }, () => "x".repeat(1000))).length).toBe(10);
  expect(portions([])).toEqual([]);
});

it("asks about taken names only, and sends the others as new ones", async () => {
  const { queue, destination, sent } = start({ "b.txt": {} });
  queue.add(files(["a.txt", "b.txt", "B.txt"]), destination);
  await settled();
  expect(states(queue)).toEqual(["sending", "asking", "sending"]);
  expect(sent.map((one) => one.headers)).toEqual([{ "If-None-Match": "*" }, { "If-None-Match": "*" }]);
});

it("compares names as the server stores them", async () => {
  const { queue, destination } = start({ "caf\u00e9": {} });
  queue.add(files(["cafe\u0301"]), destination);
  await settled();
  expect(states(queue)).toEqual(["asking"]);
});

it("replaces the version that was seen, and asks again if there is another", async () => {
  const { queue, destination, sent, there } = start({ a: { sha256: "11" } });
  queue.add(files(["a"]), destination);
  await settled();
  queue.answer(1, "replace", false);
  expect(sent[0]?.headers).toEqual({ "If-Match": '"11"' });
  there.a = { sha256: "22" };
  sent[0]?.refuse(problem(412));
  await settled();
  expect(shown(queue)[0]).toMatchObject({ state: "asking", clash: { sha256: "22", changed: true } });
  queue.answer(1, "replace", false);
  expect(sent[1]?.headers).toEqual({ "If-Match": '"22"' });
});

it("asks about a name that somebody took in the meantime", async () => {
  const { queue, destination, sent, there } = start();
  queue.add(files(["a"]), destination);
  await settled();
  there.a = {};
  sent[0]?.refuse(problem(412));
  await settled();
  expect(states(queue)).toEqual(["asking"]);
});

it("keeps both under free names, and finds the next without asking", async () => {
  const { queue, destination, sent, there } = start({ "a.txt": {}, "a (1).txt": {} });
  queue.add(files(["a.txt"]), destination);
  await settled();
  queue.answer(1, "keep-both", false);
  await settled();
  expect(sent[0]).toMatchObject({ path: "a (2).txt", headers: { "If-None-Match": "*" } });
  there["a (2).txt"] = {};
  sent[0]?.refuse(problem(412));
  await settled();
  expect(sent[1]?.path).toBe("a (3).txt");
  sent[1]?.store();
  await settled();
  expect(shown(queue)[0]).toMatchObject({ state: "done", path: "a (3).txt", chosenPath: "a.txt" });
});

it("does the same for all, but replaces no folder", async () => {
  const folder = { kind: "folder", size: null, sha256: null } as const;
  const { queue, destination } = start({ a: {}, b: {}, c: folder });
  queue.add(files(["a", "b", "c"]), destination);
  await settled();
  queue.answer(1, "replace", true);
  expect(states(queue)).toEqual(["sending", "sending", "asking"]);
  queue.answer(3, "skip", true);
  expect(states(queue)).toEqual(["sending", "sending", "skipped"]);
});

it("asks about two files of one name in one choice, and replaces the first by the second in this order", async () => {
  const { queue, destination, sent, there } = start();
  queue.add(files(["a", "a"]), destination);
  await settled();
  expect(states(queue)).toEqual(["sending", "asking"]);
  queue.answer(2, "replace", false);
  expect(sent.length).toBe(1);
  there.a = { sha256: "f1" };
  sent[0]?.store({ etag: '"f1"' });
  await settled();
  expect(sent[1]).toMatchObject({ path: "a", headers: { "If-Match": '"f1"' } });
});

it("looks again when the file that was to be replaced was never stored", async () => {
  const { queue, destination, sent } = start();
  queue.add(files(["a", "a"]), destination);
  await settled();
  queue.answer(2, "replace", false);
  queue.cancel(1);
  await settled();
  expect(sent[1]).toMatchObject({ path: "a", headers: { "If-None-Match": "*" } });
});

it("does not send again what was stored although the answer was lost", async () => {
  const digest = "01d448afd928065458cf670b60f5a594d735af0172c8d67f22a81680132681ca"; // of ten zero bytes
  const { queue, destination, sent, there } = start();
  queue.add(files(["a"]), destination);
  await settled();
  sent[0]?.progress(10);
  there.a = { size: 10, sha256: digest };
  sent[0]?.refuse(problem(412));
  await expect.poll(() => states(queue)).toEqual(["done"]);
  expect(sent.length).toBe(1);
});

it("cancels all that nobody wants to decide about", async () => {
  const { queue, destination } = start({ a: {}, b: {} });
  queue.add(files(["a", "b", "c"]), destination);
  await settled();
  queue.cancelAsking();
  expect(states(queue)).toEqual(["cancelled", "cancelled", "sending"]);
});
