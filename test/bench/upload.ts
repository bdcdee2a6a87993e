// Planes of 2048 x 2048 uint16 to the server, by PUT and by slice.put, beside hashing and writing the same bytes here.
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Declaration } from "#protocol/types.ts";
import { connect, isNeed, openedOf, valueOf } from "../end-to-end/live-client.ts";
import { startCommand } from "../end-to-end/run-command.ts";
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
    const bare = await byPutToBareServer(bytes.slice(0, planes));
    const put = await byPut(server, bytes.slice(0, planes));
    const sent = await bySlicePut(server, bytes.slice(planes));
    const row = (what: string, values: readonly number[], beside: string, reference: readonly number[]): Row =>
      ({ bench: "upload", unit: "MiB/s", measured: { what, values }, reference: { what: beside, values: reference } });
    return [
      row("PUT of a plane", put, "SHA-256 and writeFile", plain),
      row("PUT of a plane", put, "PUT to a bare server that does these two", bare),
      row("slice.put of a plane, need to next need", sent, "SHA-256 and writeFile", plain),
    ];
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

const bareServer = `
  import { createServer } from "node:http"; import { createHash } from "node:crypto"; import { writeFile } from "node:fs/promises";
  const server = createServer(async (request, response) => {
    const pieces = []; for await (const piece of request) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    await writeFile(createHash("sha256").update(bytes).digest("hex"), bytes);
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1", () => console.log("listens on http://127.0.0.1:" + server.address().port));`;

async function byPutToBareServer(bytes: readonly Uint8Array[]): Promise<number[]> {
  const cwd = await mkdtemp(join(tmpdir(), "masklet-bench-"));
  const server = startCommand(["--input-type=module", "-e", bareServer], { home: cwd, cwd, command: [process.execPath] });
  const [url] = await server.line(/http:\S+/);
  const speeds: number[] = [];
  for (const plane of bytes) {
    const { ms } = await timed(() => fetch(url, { method: "PUT", body: Buffer.from(plane.buffer) }));
    speeds.push((planeMiB * 1000) / ms);
  }
  server.child.kill("SIGTERM");
  await server.ended;
  await rm(cwd, { recursive: true });
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
