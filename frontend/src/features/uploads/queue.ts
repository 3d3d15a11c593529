import { type ApiError, isSessionEnd } from "@/lib/http";
import { isReachable } from "./api/reachable";
import type { Answer } from "./clashes";
import type { Collected } from "./collect";
import { type Destination, ownFiles } from "./destination";
import { draftsOf } from "./drafts";
import { localProblem } from "./local-file";
import { checkNames, type Finding, nextToCheck } from "./name-check";
import { expectedAtFirst, type Order } from "./order";
import { Outage } from "./outage";
import { asProblem, CHANGED_MEANWHILE, FILE_IN_THE_WAY, FORBIDDEN } from "./problems";
import { passes } from "./retry";
import { beginTransfer } from "./sending";
import { type Send, sendWithXhr, type Stored, type Transfer } from "./transport";
import { FRESH, type Holdup, isActive, mayRetry, type Upload } from "./upload";
import { UploadList } from "./upload-list";

export interface QueueEvents {
  onStored?: (upload: Upload) => void;
  onSessionEnd?: () => void;
}

/** Browsers keep six connections to a host: three for uploads leave three for the page. */
const PARALLEL = 3;
/** A connection that breaks so often in a row, though the server answers in between, will break again. */
const BREAKS_MAX = 5;
/** A name that was free and is taken a moment later, so often, is refused for another reason. */
const SURPRISES_MAX = 10;

/** Uploads outside of React: they go on while pages come and go. */
export class UploadQueue {
  readonly list = new UploadList();
  events: QueueEvents = {};
  private readonly orders = new Map<number, Order>();
  private readonly transfers = new Map<number, Transfer>();
  private readonly outage: Outage;
  private readonly send: Send;
  private heldUp: Holdup | null = null;
  private checking = false;

  constructor(send: Send = sendWithXhr, reachable: () => Promise<boolean> = isReachable) {
    this.send = send;
    this.outage = new Outage({ reachable, onOver: (wasAway) => this.outageOver(wasAway) });
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
    this.heldUp = null;
  }

  /** After whoever added them has signed in again. */
  resume(): void {
    this.heldUp = null;
    this.outage.end();
    const held = this.list.snapshot().filter((upload) => upload.heldUp !== null);
    this.list.change(
      held.map(({ id }) => id),
      { heldUp: null },
    );
    this.startNext();
  }

  /** Does not wait for the end of the pause. */
  hurry(): void {
    this.outage.hurry();
  }

  private readonly orderOf = (id: number): Order | undefined => this.orders.get(id);

  private startNext(): void {
    if (this.heldUp) return;
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
      for (const { upload } of some) this.refused(upload.id, asProblem(error));
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
    else if (finding.is === "blocked") this.giveUp(id, FILE_IN_THE_WAY);
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
      await this.broke(id, order, asProblem(error));
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
    this.outage.passed();
    this.events.onStored?.({ ...upload, state: "done" });
  }

  /** An upload ended without an answer that it is stored. */
  private async broke(id: number, order: Order, error: ApiError): Promise<void> {
    // what the browser could not read looks like a broken connection
    const local = error.code === "unreachable" && order.source ? await localProblem(order.source) : null;
    if (this.list.find(id)?.state === "cancelled") return;
    if (local) this.giveUp(id, local, local === FORBIDDEN);
    else if (error.status === 412 || (error.status === 409 && !order.source)) this.surprised(id, order, error);
    else this.refused(id, error);
  }

  /** Something is at the path, or no longer, that was not seen when it was looked up. */
  private surprised(id: number, order: Order, error: ApiError): void {
    order.surprises += 1;
    if (order.destination.replaces !== undefined) this.giveUp(id, CHANGED_MEANWHILE, false);
    else if (!order.destination.lookUp || order.surprises > SURPRISES_MAX) this.giveUp(id, error);
    else this.list.change([id], { ...FRESH, state: "checking" });
  }

  /** It waits for what passes by itself, and fails for everything else. */
  private refused(id: number, error: ApiError): void {
    const order = this.orders.get(id);
    const upload = this.list.find(id);
    if (!order || !upload || !isActive(upload)) return;
    if (error.code === "unreachable") order.breaks += 1;
    if (isSessionEnd(error) && this.events.onSessionEnd) {
      this.hold(upload, "session");
      this.outage.end();
      this.events.onSessionEnd();
    } else if (passes(error) && order.breaks <= BREAKS_MAX) {
      if (this.heldUp !== "session") this.outage.begin(error.retryAfterSeconds);
      this.hold(upload, this.heldUp ?? "server");
    } else this.giveUp(id, error);
  }

  private hold({ id, state }: Upload, heldUp: Holdup): void {
    this.heldUp = heldUp;
    this.list.change([id], { ...FRESH, state: state === "checking" ? state : "waiting", heldUp });
  }

  private giveUp(id: number, error: ApiError, canRetry = true): void {
    this.list.change([id], { ...FRESH, state: "failed", error, canRetry });
  }

  private outageOver(wasAway: boolean): void {
    if (wasAway) for (const order of this.orders.values()) order.breaks = 0;
    if (this.heldUp === "server") this.resume();
  }

  private cancelThese(uploads: readonly Upload[]): void {
    const active = uploads.filter(isActive).map(({ id }) => id);
    this.list.change(active, { ...FRESH, state: "cancelled" });
    for (const id of active) this.transfers.get(id)?.abort();
    // nothing is left that waits for the server
    if (this.heldUp === "server" && !this.list.snapshot().some(isActive)) this.resume();
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
