import { SpeedMeter } from "./speed";
import { isActive, type Upload } from "./upload";

/** The uploads as pages show them, in the order in which they were added. `snapshot` is another at each change. */
export class UploadList {
  private list: readonly Upload[] = [];
  private places = new Map<number, number>();
  private readonly listeners = new Set<() => void>();
  private meter = new SpeedMeter();
  private sentInBatch = 0;
  private lastId = 0;
  private batch = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly Upload[] => this.list;

  /** Of all that is under way together: small files end before their own speed is known. */
  get bytesPerSecond(): number {
    return Math.max(this.meter.bytesPerSecond, 0);
  }

  find(id: number): Upload | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.list[place];
  }

  /** Adds them to the batch that is under way, or begins one. */
  add(uploads: readonly Omit<Upload, "id" | "batch">[]): Upload[] {
    const batch = this.openBatch();
    const added = uploads.map((upload) => ({ ...upload, batch, id: (this.lastId += 1) }));
    this.replace([...this.list, ...added]);
    return added;
  }

  /** The batch of what begins now. */
  openBatch(): number {
    if (!this.list.some(isActive)) {
      this.batch += 1;
      this.meter = new SpeedMeter();
      this.sentInBatch = 0;
    }
    return this.batch;
  }

  change(ids: readonly number[], change: Partial<Upload>): void {
    const list = [...this.list];
    for (const id of ids) {
      const place = this.places.get(id);
      const before = place === undefined ? undefined : list[place];
      if (place === undefined || before === undefined) continue;
      const after = { ...before, ...change };
      list[place] = after;
      this.measure(before, after);
    }
    this.publish(list);
  }

  keep(wanted: (upload: Upload) => boolean): void {
    this.replace(this.list.filter(wanted));
  }

  private measure(before: Upload, after: Upload): void {
    if (after.batch !== this.batch || after.sent === before.sent) return;
    this.sentInBatch += after.sent - before.sent;
    this.meter.add(this.sentInBatch, performance.now());
  }

  private replace(list: readonly Upload[]): void {
    this.places = new Map(list.map((upload, place) => [upload.id, place]));
    this.publish(list);
  }

  private publish(list: readonly Upload[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}
