import { describe, expect, it } from "vitest";
import { ApiError } from "@/lib/http";
import { UploadQueue } from "./queue";
import type { Send } from "./transport";
import { uploadUrl } from "./transport";

/** A wire under the test's control: each transfer is answered by hand. */
function wire() {
  const sent: {
    path: string;
    progress: (bytes: number) => void;
    store: (isNew: boolean) => void;
    refuse: (e: ApiError) => void;
  }[] = [];
  const aborted: string[] = [];
  const send: Send = (path, _file, onSent) => {
    let refuse: (error: ApiError) => void = () => undefined;
    const done = new Promise<boolean>((resolve, reject) => {
      refuse = reject;
      sent.push({ path, progress: onSent, store: resolve, refuse: reject });
    });
    const abort = () => {
      aborted.push(path);
      refuse(problem(0));
    };
    return { done, abort };
  };
  return { send, sent, aborted };
}

const problem = (status: number) => new ApiError({ status, code: "x", title: "x" });
const source = (path: string, bytes = 10) => ({ path, file: new Blob([new Uint8Array(bytes)]) });
const settled = () => new Promise((resolve) => setTimeout(resolve));
const states = (queue: UploadQueue) => queue.snapshot().map((upload) => upload.state);

describe("the upload queue", () => {
  it("sends three at a time and starts the next when one is stored", async () => {
    const { send, sent } = wire();
    const queue = new UploadQueue(send);
    queue.add(["a", "b", "c", "d"].map((path) => source(path)));
    expect(sent.map((one) => one.path)).toEqual(["a", "b", "c"]);
    sent[1]?.store(true);
    await settled();
    expect(states(queue)).toEqual(["sending", "done", "sending", "sending"]);
  });

  it("says storing, not done, when all bytes are sent and no answer has come", () => {
    const { send, sent } = wire();
    const queue = new UploadQueue(send);
    queue.add([source("a", 10)]);
    sent[0]?.progress(4);
    expect(queue.snapshot()[0]).toMatchObject({ state: "sending", sent: 4 });
    sent[0]?.progress(10);
    expect(queue.snapshot()[0]).toMatchObject({ state: "storing", sent: 10 });
  });

  it("tells a replaced file from a new one", async () => {
    const { send, sent } = wire();
    const queue = new UploadQueue(send);
    queue.add([source("a")]);
    sent[0]?.store(false);
    await settled();
    expect(queue.snapshot()[0]).toMatchObject({ state: "done", replaced: true });
  });

  it("aborts a cancelled transfer, gives its place to the next, and can try it again", async () => {
    const { send, sent, aborted } = wire();
    const queue = new UploadQueue(send);
    queue.add(["a", "b", "c", "d"].map((path) => source(path)));
    queue.cancel(1);
    await settled();
    expect(aborted).toEqual(["a"]);
    expect(states(queue)).toEqual(["cancelled", "sending", "sending", "sending"]);
    sent[1]?.store(true);
    await settled();
    queue.retry(1);
    expect(states(queue)).toEqual(["sending", "done", "sending", "sending"]);
  });

  it("keeps the problem of a refused file, which succeeds when tried again", async () => {
    const { send, sent } = wire();
    const queue = new UploadQueue(send);
    queue.add([source("a")]);
    sent[0]?.refuse(problem(507));
    await settled();
    expect(queue.snapshot()[0]).toMatchObject({ state: "failed", error: { status: 507 } });
    queue.retry(1);
    sent[1]?.store(true);
    await settled();
    expect(queue.snapshot()[0]).toMatchObject({ state: "done", error: null });
  });

  it("reports stored files and the end of the session", async () => {
    const { send, sent } = wire();
    const queue = new UploadQueue(send);
    const seen: string[] = [];
    queue.events = { onStored: (upload) => seen.push(upload.path), onSessionEnd: () => seen.push("session") };
    queue.add([source("a"), source("b")]);
    sent[0]?.store(true);
    await settled();
    sent[1]?.refuse(problem(401));
    await settled();
    expect(seen).toEqual(["a", "session"]);
  });

  it("forgets ended uploads on request and stops everything on reset", async () => {
    const { send, sent, aborted } = wire();
    const queue = new UploadQueue(send);
    queue.add([source("a"), source("b")]);
    sent[0]?.store(true);
    await settled();
    queue.clearEnded();
    expect(queue.snapshot().map((upload) => upload.path)).toEqual(["b"]);
    queue.reset();
    expect(aborted).toEqual(["b"]);
    expect(queue.snapshot()).toEqual([]);
  });
});

it("encodes every segment of a path and keeps its slashes", () => {
  expect(uploadUrl("data sets/ü?#%.csv")).toBe("/api/files/by-path/data%20sets/%C3%BC%3F%23%25.csv");
});

it("hands on where a file goes, again when it is tried again", async () => {
  const addresses: (string | undefined)[] = [];
  const queue = new UploadQueue((_path, _file, _onSent, address) => {
    addresses.push(address);
    return { done: Promise.reject(problem(503)), abort: () => undefined };
  });
  queue.add([{ ...source("a"), address: "/elsewhere/a" }]);
  await settled();
  queue.retryFailed();
  queue.add([source("b")]);
  expect(addresses).toEqual(["/elsewhere/a", "/elsewhere/a", undefined]);
});
