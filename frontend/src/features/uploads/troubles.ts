import { type ApiError, isSessionEnd } from "@/lib/http";
import { localProblem } from "./local-file";
import type { Order } from "./order";
import { Outage } from "./outage";
import { CHANGED_MEANWHILE, FORBIDDEN } from "./problems";
import { passes } from "./retry";
import { FRESH, type Holdup, isActive, type Upload } from "./upload";
import type { UploadList } from "./upload-list";

/** A connection that breaks so often in a row, though the server answers in between, will break again. */
const BREAKS_MAX = 5;
/** A name that was free and is taken a moment later, so often, is refused for another reason. */
const SURPRISES_MAX = 10;

interface Surroundings {
  reachable: () => Promise<boolean>;
  /** What is done when the session has ended; undefined where nobody is signed in. */
  sessionEnd: () => (() => void) | undefined;
  onResume: () => void;
}

/** What becomes of uploads that could not be stored: they wait for what passes by itself, or fail. */
export class Troubles {
  heldUp: Holdup | null = null;
  private readonly list: UploadList;
  private readonly orders: ReadonlyMap<number, Order>;
  private readonly around: Surroundings;
  private readonly outage: Outage;

  constructor(list: UploadList, orders: ReadonlyMap<number, Order>, around: Surroundings) {
    this.list = list;
    this.orders = orders;
    this.around = around;
    this.outage = new Outage({ reachable: around.reachable, onOver: (wasAway) => this.outageOver(wasAway) });
  }

  resume(): void {
    this.heldUp = null;
    this.outage.end();
    const held = this.list.snapshot().filter((upload) => upload.heldUp !== null);
    this.list.change(
      held.map(({ id }) => id),
      { heldUp: null },
    );
    this.around.onResume();
  }

  /** Does not wait for the end of the pause. */
  hurry(): void {
    this.outage.hurry();
  }

  /** Something was stored: the server is there. */
  passed(): void {
    this.outage.passed();
  }

  /** Everything that waited is gone. */
  forget(): void {
    this.heldUp = null;
  }

  /** An upload ended without an answer that it is stored. */
  async broke(id: number, order: Order, error: ApiError): Promise<void> {
    // what the browser could not read looks like a broken connection
    const local = error.code === "unreachable" && order.source ? await localProblem(order.source) : null;
    if (this.list.find(id)?.state === "cancelled") return;
    if (local) this.giveUp(id, local, local === FORBIDDEN);
    else if (error.status === 412 || (error.status === 409 && !order.source)) this.surprised(id, order, error);
    else this.refused(id, error);
  }

  /** It waits for what passes by itself, and fails for everything else. */
  refused(id: number, error: ApiError): void {
    const order = this.orders.get(id);
    const upload = this.list.find(id);
    if (!order || !upload || !isActive(upload)) return;
    if (error.code === "unreachable") order.breaks += 1;
    const sessionEnd = this.around.sessionEnd();
    if (isSessionEnd(error) && sessionEnd) {
      this.hold(upload, "session");
      this.outage.end();
      sessionEnd();
    } else if (passes(error) && order.breaks <= BREAKS_MAX) {
      if (this.heldUp !== "session") this.outage.begin(error.retryAfterSeconds);
      this.hold(upload, this.heldUp ?? "server");
    } else this.giveUp(id, error);
  }

  giveUp(id: number, error: ApiError, canRetry = true): void {
    this.list.change([id], { ...FRESH, state: "failed", error, canRetry });
  }

  /** Something is at the path, or no longer, that was not seen when it was looked up. */
  private surprised(id: number, order: Order, error: ApiError): void {
    order.surprises += 1;
    if (order.destination.replaces !== undefined) this.giveUp(id, CHANGED_MEANWHILE, false);
    else if (!order.destination.lookUp || order.surprises > SURPRISES_MAX) this.giveUp(id, error);
    else this.list.change([id], { ...FRESH, state: "checking" });
  }

  private hold({ id, state }: Upload, heldUp: Holdup): void {
    this.heldUp = heldUp;
    this.list.change([id], { ...FRESH, state: state === "checking" ? state : "waiting", heldUp });
  }

  private outageOver(wasAway: boolean): void {
    if (wasAway) for (const order of this.orders.values()) order.breaks = 0;
    if (this.heldUp === "server") this.resume();
  }
}
