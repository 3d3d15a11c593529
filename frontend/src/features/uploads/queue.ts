import { isReachable } from "./api/reachable";
import type { Answer } from "./clashes";
import type { Collected } from "./collect";
import { type Destination, ownFiles } from "./destination";
import { draftsOf } from "./drafts";
import { checkNames, type Finding, nextToCheck } from "./name-check";
import { expectedAtFirst, type Order } from "./order";
import { asProblem, FILE_IN_THE_WAY } from "./problems";
import { beginTransfer } from "./sending";
import { type Send, sendWithXhr, type Stored, type Transfer } from "./transport";
import { Troubles } from "./troubles";
import { FRESH, isActive, mayRetry, type Upload } from "./upload";
import { UploadList } from "./upload-list";

export interface QueueEvents {
  onStored?: (upload: Upload) => void;
  onSessionEnd?: () => void;
}

/** Browsers keep six connections to a host: three for uploads leave three for the page. */
const PARALLEL = 3;
/** Uploads outside of React: they go on while pages come and go. */
export class UploadQueue {
  readonly list = new UploadList();
  events: QueueEvents = {};
  private readonly orders = new Map<number, Order>();
  private readonly transfers = new Map<number, Transfer>();
  private readonly troubles: Troubles;
  private readonly send: Send;
  private checking = false;

  constructor(send: Send = sendWithXhr, reachable: () => Promise<boolean> = isReachable) {
    this.send = send;
    this.troubles = new Troubles(this.list, this.orders, {
      reachable,
      sessionEnd: () => this.events.onSessionEnd,
      onResume: () => this.startNext(),
    });
  }

  add(collected: Collected, destination: Destination = ownFiles): void {
    const drafts = draftsOf(collected, destination);
    const added = this.list.add(drafts.map((draft) => draft.upload));
    added.forEach(({ id }, index) => {
      const order = drafts[index]?.order;
      if (order) this.orders.set(id, order);
    });
    this.startNext();
  }

  cancel(id: number): void {
    this.cancelThese(this.list.snapshot().filter((upload) => upload.id === id));
  }

  cancelAll(): void {
    this.cancelThese(this.list.snapshot());
  }

  /** Nobody wants to decide about these names. */
  cancelAsking(): void {
    this.cancelThese(this.list.snapshot().filter((upload) => upload.state === "asking"));
  }

  retry(id: number): void {
    this.retryThese(this.list.snapshot().filter((upload) => upload.id === id));
  }

  /** Tries again what failed; what somebody cancelled or skipped stays so. */
  retryFailed(): void {
    this.retryThese(this.list.snapshot().filter((upload) => upload.state === "failed"));
  }

  /** What is to become of an upload whose name is taken; with `all`, of each about which is being asked. */
  answer(id: number, answer: Answer, all: boolean): void {
    for (const upload of this.list.snapshot()) {
      if (upload.state === "asking" && (all || upload.id === id)) this.decide(upload, answer);
    }
    this.startNext();
  }

  /** Forgets everything that has come to an end. */
  clearEnded(): void {
    this.list.keep(isActive);
    for (const id of this.orders.keys()) if (!this.list.find(id)) this.orders.delete(id);
  }

  /** Stops and forgets everything: another person signs in, or this one signs out. */
  reset(): void {
    this.cancelAll();
    this.list.keep(() => false);
    this.orders.clear();
    this.troubles.forget();
  }

  /** After whoever added them has signed in again. */
  resume(): void {
    this.troubles.resume();
  }

  /** Does not wait for the end of the pause. */
  hurry(): void {
    this.troubles.hurry();
  }

  private readonly orderOf = (id: number): Order | undefined => this.orders.get(id);

  private startNext(): void {
    if (this.troubles.heldUp) return;
    for (const upload of this.list.snapshot()) {
      if (this.transfers.size >= PARALLEL) break;
      if (upload.state === "waiting" && !this.transfers.has(upload.id)) this.startOne(upload.id);
    }
    if (!this.checking) void this.checkNext();
  }

  /** Not before the one is stored that it is to replace. */
  private startOne(id: number): void {
    const order = this.orders.get(id);
    if (!order) return;
    if ("after" in order.expected) {
      const first = this.list.find(order.expected.after);
      if (first && isActive(first)) return;
      const stored = first && this.orders.get(first.id)?.stored;
      if (stored === undefined) {
        this.list.change([id], { ...FRESH, state: "checking" });
        return;
      }
      order.expected = { sha256: stored };
    }
    void this.run(id, order);
  }

  private async checkNext(): Promise<void> {
    const some = nextToCheck(this.list.snapshot(), this.orderOf);
    if (some.length === 0) return;
    this.checking = true;
    try {
      const findings = await checkNames(some, this.list.snapshot(), this.orderOf);
      for (const [id, finding] of findings) this.found(id, finding);
    } catch (error) {
      for (const { upload } of some) this.troubles.refused(upload.id, asProblem(error));
    } finally {
      this.checking = false;
      this.startNext();
    }
  }

  private found(id: number, finding: Finding): void {
    const order = this.orders.get(id);
    // somebody may have cancelled it meanwhile
    if (this.list.find(id)?.state !== "checking" || !order) return;
    if (finding.is === "there") this.stored(id, { created: true, etag: null });
    else if (finding.is === "blocked") this.troubles.giveUp(id, FILE_IN_THE_WAY);
    else if (finding.is === "taken") this.list.change([id], { state: "asking", clash: finding.clash });
    else {
      const chosenPath = finding.path === order.chosenPath ? null : order.chosenPath;
      order.expected = expectedAtFirst(order.destination);
      this.list.change([id], { state: "waiting", path: finding.path, chosenPath });
    }
  }

  private decide({ id, clash }: Upload, answer: Answer): void {
    const order = this.orders.get(id);
    if (!order || !clash) return;
    if (answer === "replace") {
      if (clash.with === "folder") return; // a file cannot take its place
      order.expected = clash.with === "file" ? { sha256: clash.sha256 } : { after: clash.id };
    }
    order.answered = true;
    order.keepBoth = answer === "keep-both";
    this.list.change([id], { state: STATE_AFTER[answer], clash: null });
  }

  private async run(id: number, order: Order): Promise<void> {
    const upload = this.list.find(id);
    if (!upload) return;
    const transfer = beginTransfer(upload, order, this.send, (change) => {
      if (this.list.find(id)?.state !== "cancelled") this.list.change([id], change);
    });
    this.transfers.set(id, transfer);
    this.list.change([id], { state: "sending" });
    try {
      this.stored(id, await transfer.done);
    } catch (error) {
      await this.troubles.broke(id, order, asProblem(error));
    } finally {
      this.transfers.delete(id);
      this.startNext();
    }
  }

  private stored(id: number, { created, etag }: Stored): void {
    const upload = this.list.find(id);
    const order = this.orders.get(id);
    if (!upload || !order) return;
    order.source = null;
    if (etag) order.stored = etag.replaceAll('"', "");
    // the answer may overtake a late cancel: the file is stored, so that is what the list says
    const { chosenPath } = upload;
    this.list.change([id], { ...FRESH, chosenPath, state: "done", sent: upload.size, replaced: !created });
    this.troubles.passed();
    this.events.onStored?.({ ...upload, state: "done" });
  }

  private cancelThese(uploads: readonly Upload[]): void {
    const active = uploads.filter(isActive).map(({ id }) => id);
    this.list.change(active, { ...FRESH, state: "cancelled" });
    for (const id of active) this.transfers.get(id)?.abort();
    // nothing is left that waits for the server
    if (this.troubles.heldUp === "server" && !this.list.snapshot().some(isActive)) this.resume();
    else this.startNext();
  }

  private retryThese(uploads: readonly Upload[]): void {
    for (const { id } of uploads.filter(mayRetry)) {
      const order = this.orders.get(id);
      if (!order) continue;
      Object.assign(order, { breaks: 0, surprises: 0, answered: false, expected: expectedAtFirst(order.destination) });
      const state = order.destination.lookUp ? "checking" : "waiting";
      this.list.change([id], { ...FRESH, state, path: order.chosenPath, batch: this.list.openBatch() });
    }
    this.startNext();
  }
}

const STATE_AFTER = { replace: "waiting", "keep-both": "checking", skip: "skipped" } as const;

export const uploadQueue = new UploadQueue();
