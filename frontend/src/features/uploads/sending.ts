import { conditionsOf, type Order } from "./order";
import { SpeedMeter } from "./speed";
import type { Send, Transfer } from "./transport";
import type { Upload } from "./upload";

/** Begins to send a file, or makes an empty folder. */
export function beginTransfer(
  { path, size }: Upload,
  order: Order,
  send: Send,
  onProgress: (change: Partial<Upload>) => void,
): Transfer {
  const { destination, source, expected } = order;
  if (!source) {
    const made = destination.makeFolder?.(path) ?? Promise.resolve();
    return { done: made.then(() => ({ created: true, etag: null })), abort: () => undefined };
  }
  const meter = new SpeedMeter();
  order.mayBeStored ||= size === 0;
  const onSent = (sent: number) => {
    // the browser counts the whole body, whose length is the file's; all sent is not yet all stored
    meter.add(sent, performance.now());
    order.mayBeStored ||= sent >= size;
    onProgress({ state: sent >= size ? "storing" : "sending", sent, bytesPerSecond: meter.bytesPerSecond });
  };
  return send({ address: destination.address(path), file: source.file, headers: conditionsOf(expected) }, onSent);
}
