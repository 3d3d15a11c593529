import { describe, expect, it, vi } from "vitest";
import { UploadQueue } from "./queue";
import { files, place, problem, request, settled, wire } from "./testing";
import { uploadUrl } from "./transport";

const shown = (queue: UploadQueue) => queue.list.snapshot();
const states = (queue: UploadQueue) => shown(queue).map((upload) => upload.state);
const start = (reachable = () => Promise.resolve(true)) => {
  const line = wire();
  return { ...line, queue: new UploadQueue(line.send, reachable) };
};

describe("the upload queue", () => {
  it("sends three at a time and starts the next when one is stored", async () => {
    const { queue, sent } = start();
    queue.add(files(["a", "b", "c", "d"]), request);
    expect(sent.map((one) => one.path)).toEqual(["a", "b", "c"]);
    sent[1]?.store();
    await settled();
    expect(states(queue)).toEqual(["sending", "done", "sending", "sending"]);
  });

  it("says storing, not done, when all bytes are sent and no answer has come", () => {
    const { queue, sent } = start();
    queue.add(files(["a"]), request);
    sent[0]?.progress(4);
    expect(shown(queue)[0]).toMatchObject({ state: "sending", sent: 4 });
    sent[0]?.progress(10);
    expect(shown(queue)[0]).toMatchObject({ state: "storing", sent: 10 });
  });

  it("tells a replaced file from a new one", async () => {
    const { queue, sent } = start();
    queue.add(files(["a"]), request);
    sent[0]?.store({ created: false });
    await settled();
    expect(shown(queue)[0]).toMatchObject({ state: "done", replaced: true });
  });

  it("aborts a cancelled transfer, gives its place to the next, and can try it again", async () => {
    const { queue, sent, aborted } = start();
    queue.add(files(["a", "b", "c", "d"]), request);
    queue.cancel(1);
    await settled();
    expect(aborted).toEqual(["a"]);
    expect(states(queue)).toEqual(["cancelled", "sending", "sending", "sending"]);
    sent[1]?.store();
    await settled();
    queue.retry(1);
    expect(states(queue)).toEqual(["sending", "done", "sending", "sending"]);
  });

  it("keeps the problem of a refused file, which succeeds when tried again", async () => {
    const { queue, sent } = start();
    queue.add(files(["a"]), request);
    sent[0]?.refuse(problem(507));
    await settled();
    expect(shown(queue)[0]).toMatchObject({ state: "failed", error: { status: 507 } });
    queue.retryFailed();
    sent[1]?.store();
    await settled();
    expect(shown(queue)[0]).toMatchObject({ state: "done", error: null });
  });

  it("waits for who has to sign in again, and goes on then", async () => {
    const { queue, sent } = start();
    const seen: string[] = [];
    queue.events = { onStored: (upload) => seen.push(upload.path), onSessionEnd: () => seen.push("session") };
    queue.add(files(["a", "b"]), request);
    sent[0]?.store();
    await settled();
    sent[1]?.refuse(problem(401));
    await settled();
    expect(seen).toEqual(["a", "session"]);
    expect(shown(queue)[1]).toMatchObject({ state: "waiting", heldUp: "session" });
    queue.resume();
    sent[2]?.store();
    await settled();
    expect(seen).toEqual(["a", "session", "b"]);
  });

  it("forgets ended uploads on request and stops everything on reset", async () => {
    const { queue, sent, aborted } = start();
    queue.add(files(["a", "b"]), request);
    sent[0]?.store();
    await settled();
    queue.clearEnded();
    expect(shown(queue).map((upload) => upload.path)).toEqual(["b"]);
    queue.reset();
    expect(aborted).toEqual(["b"]);
    expect(shown(queue)).toEqual([]);
  });

  it("makes empty folders, and shows what could not be read", async () => {
    const { queue } = start();
    const { destination, made } = place({ old: { kind: "folder", sha256: null, size: null }, file: {} });
    const unreadable = [{ path: "x", kind: "file", reason: "no" } as const];
    queue.add({ files: [], folders: ["new/deep", "old", "file"], unreadable }, destination);
    await settled();
    expect(made).toEqual(["new/deep"]);
    expect(states(queue)).toEqual(["failed", "done", "done", "failed"]);
    expect(shown(queue)[0]).toMatchObject({ canRetry: false, error: { message: "no" } });
    queue.add({ files: [], folders: ["empty"], unreadable: [] }, request);
    expect(states(queue).at(-1)).toBe("skipped");
  });

  it("starts a new batch only when nothing is under way", async () => {
    const { queue, sent } = start();
    queue.add(files(["a"]), request);
    queue.add(files(["b"]), request);
    sent[0]?.store();
    sent[1]?.store();
    await settled();
    queue.add(files(["c"]), request);
    expect(shown(queue).map((upload) => upload.batch)).toEqual([1, 1, 2]);
  });
});

describe("an outage", () => {
  it.each([problem(0, "unreachable"), problem(502), problem(503), problem(504), problem(429)])(
    "of kind %# is waited for, in order and without a click",
    async (error) => {
      vi.useFakeTimers();
      let up = false;
      const { queue, sent } = start(() => Promise.resolve(up));
      queue.add(files(["a", "b", "c", "d"]), request);
      for (const one of [...sent]) one.refuse(error);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(states(queue)).toEqual(["waiting", "waiting", "waiting", "waiting"]);
      expect(shown(queue)[0]?.heldUp).toBe("server");
      up = true;
      await vi.advanceTimersByTimeAsync(31_000);
      vi.useRealTimers();
      expect(sent.slice(3).map((one) => one.path)).toEqual(["a", "b", "c"]);
      expect(shown(queue)[0]?.heldUp).toBe(null);
    },
  );

  it("can be waited for no longer: cancelling works", async () => {
    const { queue, sent } = start(() => Promise.resolve(false));
    queue.add(files(["a"]), request);
    sent[0]?.refuse(problem(503));
    await settled();
    queue.cancelAll();
    expect(states(queue)).toEqual(["cancelled"]);
    queue.add(files(["b"]), request);
    expect(states(queue)).toEqual(["cancelled", "sending"]);
  });

  it("is none if only this connection breaks, again and again", async () => {
    vi.useFakeTimers();
    const { queue, sent } = start();
    queue.add(files(["a"]), request);
    for (let times = 0; times < 6; times += 1) {
      sent.at(-1)?.refuse(problem(0, "unreachable"));
      await vi.advanceTimersByTimeAsync(31_000);
    }
    vi.useRealTimers();
    expect(states(queue)).toEqual(["failed"]);
    expect(sent.length).toBe(6);
  });

  it.each([400, 403, 404, 409, 413, 422, 500, 507])("is none if the server says %d", async (status) => {
    const { queue, sent } = start();
    queue.add(files(["a"]), request);
    sent[0]?.refuse(problem(status));
    await settled();
    expect(states(queue)).toEqual(["failed"]);
  });
});

it("encodes every segment of a path and keeps its slashes", () => {
  expect(uploadUrl("data sets/ü?#%.csv")).toBe("/api/files/by-path/data%20sets/%C3%BC%3F%23%25.csv");
});
