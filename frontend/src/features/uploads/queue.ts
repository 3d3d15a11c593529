import { ApiError } from "@/lib/http";
import { SpeedMeter } from "./speed";
import { type Send, sendWithXhr, type Transfer } from "./transport";

export type UploadState = "waiting" | "sending" | "storing" | "done" | "failed" | "cancelled";

export interface Upload {
  readonly id: number;
  readonly path: string;
  readonly size: number;
  readonly state: UploadState;
  readonly sent: number;
  readonly bytesPerSecond: number;
  readonly replaced: boolean;
  readonly error: ApiError | null;
}

export interface Source {
  path: string;
  file: Blob;
  /** Where it goes, if not to the caller's own files. */
  address?: string;
}

export interface QueueEvents {
  onStored?: (upload: Upload) => void;
  onSessionEnd?: () => void;
}

/** Browsers keep six connections to a host: three for uploads leave three for the page. */
const PARALLEL = 3;

export function isActive(upload: Upload): boolean {
  return upload.state === "waiting" || upload.state === "sending" || upload.state === "storing";
}

/** Uploads outside of React: they go on while pages come and go. `uploads` is replaced at every change. */
export class UploadQueue {
  private list: readonly Upload[] = [];
  private readonly sources = new Map<number, Source>();
  private readonly transfers = new Map<number, Transfer>();
  private readonly listeners = new Set<() => void>();
  private lastId = 0;
  events: QueueEvents = {};

  private readonly send: Send;

  constructor(send: Send) {
    this.send = send;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly Upload[] => this.list;

  add(sources: readonly Source[]): void {
    const added = sources.map((source): Upload => {
      this.lastId += 1;
      this.sources.set(this.lastId, source);
      return { ...FRESH, id: this.lastId, path: source.path, size: source.file.size };
    });
    this.publish([...this.list, ...added]);
    this.startNext();
  }

  cancel(id: number): void {
    const upload = this.find(id);
    if (!upload || !isActive(upload)) return;
    this.change(id, { state: "cancelled", bytesPerSecond: 0 });
    this.transfers.get(id)?.abort();
  }

  retry(id: number): void {
    const upload = this.find(id);
    if (!upload || (upload.state !== "failed" && upload.state !== "cancelled")) return;
    this.change(id, { ...FRESH });
    this.startNext();
  }

  cancelAll(): void {
    for (const upload of this.list) this.cancel(upload.id);
  }

  /** Tries again what failed; what somebody cancelled stays cancelled. */
  retryFailed(): void {
    for (const upload of this.list) if (upload.state === "failed") this.retry(upload.id);
  }

  /** Forgets everything that has come to an end. */
  clearEnded(): void {
    this.publish(this.list.filter(isActive));
  }

  /** Stops and forgets everything: another person signs in, or this one signs out. */
  reset(): void {
    this.cancelAll();
    this.publish([]);
  }

  private startNext(): void {
    while (this.transfers.size < PARALLEL) {
      const next = this.list.find((upload) => upload.state === "waiting" && !this.transfers.has(upload.id));
      if (!next) return;
      void this.run(next);
    }
  }

  private async run({ id, path, size }: Upload): Promise<void> {
    const source = this.sources.get(id);
    if (!source) return;
    const meter = new SpeedMeter();
    const onSent = (bytes: number) => {
      // the browser counts the whole body, whose length is the file's; all sent is not yet all stored
      meter.add(bytes, performance.now());
      const state = bytes >= size ? "storing" : "sending";
      if (this.find(id)?.state !== "cancelled")
        this.change(id, { state, sent: bytes, bytesPerSecond: meter.bytesPerSecond });
    };
    const transfer = this.send(path, source.file, onSent, source.address);
    this.transfers.set(id, transfer);
    this.change(id, { state: "sending" });
    try {
      this.finish(id, { state: "done", sent: size, replaced: !(await transfer.done) });
    } catch (error) {
      this.fail(id, error);
    } finally {
      this.transfers.delete(id);
      this.startNext();
    }
  }

  private finish(id: number, change: Partial<Upload>): void {
    // the answer may overtake a late cancel: the file is stored, so that is what the list says
    this.change(id, { ...change, bytesPerSecond: 0, error: null });
    const stored = this.find(id);
    if (stored) this.events.onStored?.(stored);
  }

  private fail(id: number, error: unknown): void {
    if (this.find(id)?.state === "cancelled") return;
    const reason =
      error instanceof ApiError ? error : new ApiError({ status: 0, code: "unknown", title: String(error) });
    this.change(id, { state: "failed", error: reason, bytesPerSecond: 0 });
    if (reason.status === 401) this.events.onSessionEnd?.();
  }

  private find(id: number): Upload | undefined {
    return this.list.find((upload) => upload.id === id);
  }

  private change(id: number, change: Partial<Upload>): void {
    this.publish(this.list.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }

  private publish(list: readonly Upload[]): void {
    this.list = list;
    const known = new Set(list.map((upload) => upload.id));
    // a stored file's bytes are not needed any more; failed and cancelled ones may be tried again
    for (const id of this.sources.keys()) if (!known.has(id)) this.sources.delete(id);
    for (const listener of this.listeners) listener();
  }
}

const FRESH = {
  state: "waiting",
  sent: 0,
  bytesPerSecond: 0,
  replaced: false,
  error: null,
} satisfies Partial<Upload>;

export const uploadQueue = new UploadQueue(sendWithXhr);
