import { isActive, type Upload } from "./queue";

export interface Summary {
  active: number;
  done: number;
  failed: number;
  /** Share of all bytes still wanted that has been sent, 0 to 100. */
  percent: number;
  bytesLeft: number;
  /** Of all running uploads together. */
  bytesPerSecond: number;
}

export function summarise(uploads: readonly Upload[]): Summary {
  const wanted = uploads.filter((upload) => upload.state !== "cancelled" && upload.state !== "failed");
  const size = total(wanted, (upload) => upload.size);
  const sent = total(wanted, (upload) => Math.min(upload.sent, upload.size));
  return {
    active: uploads.filter(isActive).length,
    done: uploads.filter((upload) => upload.state === "done").length,
    failed: uploads.filter((upload) => upload.state === "failed").length,
    percent: size === 0 ? 100 : Math.floor((sent / size) * 100),
    bytesLeft: size - sent,
    bytesPerSecond: total(wanted, (upload) => (upload.state === "sending" ? upload.bytesPerSecond : 0)),
  };
}

function total(uploads: readonly Upload[], of: (upload: Upload) => number): number {
  return uploads.reduce((sum, upload) => sum + of(upload), 0);
}

const files = (count: number) => `${count} ${count === 1 ? "file" : "files"}`;

export function headline({ active, done, failed, percent }: Summary): string {
  if (active > 0) return `Uploading ${files(active)}, ${percent} %`;
  if (failed > 0) return done > 0 ? `${files(done)} uploaded, ${failed} failed` : `${files(failed)} failed`;
  return done > 0 ? `${files(done)} uploaded` : "Nothing uploaded";
}
