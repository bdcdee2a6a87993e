// Planes of 2048 x 2048 uint16 to the server, by PUT and by slice.put, beside hashing and writing the same bytes here.
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Declaration } from "#protocol/types.ts";
import { connect, isNeed, openedOf, valueOf } from "../end-to-end/live-client.ts";
import { withBenchServer, type BenchServer } from "./bench-server.ts";
import { timed, type Bench, type Row } from "./table.ts";

/** As many as a view without a display range looks at, one after the other. */
const planes = 9;
const side = 2048;
const planeMiB = (side * side * 2) / 2 ** 20;

export const upload: Bench = {
  name: "upload",
  run: () => withBenchServer("upload", async (server) => {
    // Every plane is another one, since equal planes are kept once.
    const bytes = Array.from({ length: 2 * planes }, () => new Uint8Array(randomBytes(planeMiB * 2 ** 20)));
    const plain = await written(bytes.slice(0, planes));
    const put = await byPut(server, bytes.slice(0, planes));
    const sent = await bySlicePut(server, bytes.slice(planes));
    const row = (what: string, values: readonly number[]): Row =>
      ({ bench: "upload", unit: "MiB/s", measured: { what, values }, reference: { what: "SHA-256 and writeFile", values: plain } });
    return [row("PUT of a plane", put), row("slice.put of a plane, need to next need", sent)];
  }),
};

const declared = (name: string): Declaration => ({ name, shape: { t: 1, c: 1, z: planes, y: side, x: side }, dtype: "uint16", identity: name });

async function written(bytes: readonly Uint8Array[]): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-bench-"));
  const speeds: number[] = [];
  for (const plane of bytes) {
    const { ms } = await timed(async () => {
      const name = createHash("sha256").update(plane).digest("hex");
      await writeFile(join(folder, name), plane);
    });
    speeds.push((planeMiB * 1000) / ms);
  }
  await rm(folder, { recursive: true });
  return speeds;
}

async function byPut({ url }: BenchServer, bytes: readonly Uint8Array[]): Promise<number[]> {
  const made = await fetch(`${url}/v1/volumes`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(declared("put")) });
  const { volumeId } = JSON.parse(await made.text());
  const speeds: number[] = [];
  for (const [z, plane] of bytes.entries()) {
    const { ms, value } = await timed(() => fetch(`${url}/v1/volumes/${volumeId}/planes/0/0/${z}`, { method: "PUT", body: Buffer.from(plane.buffer) }));
    if (value.status !== 204) throw new Error(await value.text());
    speeds.push((planeMiB * 1000) / ms);
  }
  return speeds;
}

/** A first prompt asks for the planes that settle the view, one after the other; when all have come it is cancelled. */
async function bySlicePut({ url }: BenchServer, bytes: readonly Uint8Array[]): Promise<number[]> {
  const live = await connect(url);
  valueOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "bench" }));
  const { session, volume } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declared("slice.put") }));
  const speeds: number[] = [];
  const { volumeId } = volume;
  const ended = live.ask({ t: "prompt.set", id: 3, sessionId: session.sessionId, objectId: 1, cut: { axis: "z", index: 4 }, box: [900, 900, 940, 940] });
  for (let count = 0; count < planes; count++) {
    const { planes: [plane] } = await live.next(isNeed);
    const start = performance.now();
    live.send({ t: "slice.put", volumeId, plane: plane!, data: bytes[plane!.z]! });
    if (count === planes - 1) break;
    await new Promise<void>((asked) => live.onMessage((message) => { if (isNeed(message)) asked(); }));
    speeds.push((planeMiB * 1000) / (performance.now() - start));
  }
  live.send({ t: "cancel", id: 3 });
  await ended;
  await live.close();
  return speeds;
}
