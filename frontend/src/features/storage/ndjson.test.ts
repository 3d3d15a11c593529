import { expect, it } from "vitest";
import { jsonLines } from "./ndjson";

function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function read(...chunks: Uint8Array[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const value of jsonLines(streamOf(...chunks))) found.push(value);
  return found;
}

it("puts lines together wherever the network cut them, also inside of a letter", async () => {
  const bytes = new TextEncoder().encode('{"name":"é"}\n\n{"ok":true}\n');
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(await read(bytes.slice(0, cut), bytes.slice(cut))).toEqual([{ name: "é" }, { ok: true }]);
  }
});

it("takes a last line without its end, and nothing from nothing", async () => {
  expect(await read(new TextEncoder().encode('{"ok":false}'))).toEqual([{ ok: false }]);
  expect(await read()).toEqual([]);
});

it("does not swallow a line that is no JSON", async () => {
  await expect(read(new TextEncoder().encode("<html>\n"))).rejects.toThrow(SyntaxError);
});
