// A real server in a process of its own, with real weights and a home nobody has used, for the benches that talk to one.
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Box, Declaration, Shape } from "#protocol/types.ts";
import { makePhantom, type Phantom } from "../../fixtures/make/phantom.ts";
import { connect, isNeed, openedOf, valueOf, type LiveClient } from "../end-to-end/live-client.ts";
import { withCommandServer } from "../end-to-end/run-command.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import type { Row } from "./table.ts";
import { peakMemoryRows } from "./peak-memory.ts";

export interface BenchServer {
  readonly url: string;
  readonly pid: number;
}

export interface BenchHome {
  readonly home: string;
  remove(): void;
}

/** Real weights (MobileSAM's, whatever comes with the package), no embedding. */
export async function freshHome(): Promise<BenchHome> {
  leaveEmbeddedOut();
  await ensureWeights();
  const home = mkdtempSync(join(tmpdir(), "masklet-bench-"));
  symlinkSync(join(weightsHome(), "models"), join(home, "models"), "junction");
  return { home, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Adds, at the end, what the server and its model process took of the memory at most. */
export async function withBenchServer(bench: string, work: (server: BenchServer) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const { home, remove } = await freshHome();
  const rows: Row[] = [];
  // Its sources directly, so that the process looked at is the server.
  const command = [process.execPath, fileURLToPath(new URL("../../server/cli/main.ts", import.meta.url))] as const;
  try {
    await withCommandServer({ home, command }, async (url, { child }) => {
      const server = { url, pid: child.pid! };
      rows.push(...await work(server), ...peakMemoryRows(bench, server.pid));
    });
  } finally {
    remove();
  }
  return rows;
}

export interface BenchObject {
  readonly id: number;
  readonly z: number;
  readonly box: Box;
}

export interface BenchVolume {
  readonly phantom: Phantom;
  readonly declaration: Declaration;
  readonly shape: Shape;
  plane(z: number): Uint16Array;
  /** One for each particle, at its middle plane. */
  readonly objects: readonly BenchObject[];
}

export function benchVolume(seed: number, shape: readonly [number, number, number], particles: number): BenchVolume {
  const phantom = makePhantom({ seed, shape, particles, stacked: 0, leaning: 0 });
  const [z, y, x] = shape;
  const whole = { t: 1, c: 1, z, y, x };
  return {
    phantom, shape: whole,
    declaration: { name: `phantom ${seed}`, shape: whole, dtype: "uint16", displayRange: [22_000, 38_000], identity: `bench-${seed}` },
    plane: (at) => phantom.raw.slice(at * y * x, (at + 1) * y * x),
    objects: phantom.objects.map(({ id, box: [z0, y0, x0, z1, y1, x1] }) => ({ id, z: (z0 + z1) >> 1, box: [x0, y0, x1, y1] })),
  };
}

export const bytesOf = (values: Uint16Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** A connection with the volume open and all its planes sent, so that no click waits for pixels. */
export async function openBenchVolume({ url }: BenchServer, volume: BenchVolume): Promise<{ live: LiveClient; sessionId: string }> {
  const live = await connect(url);
  live.onMessage((message) => {
    if (isNeed(message)) for (const plane of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane, data: bytesOf(volume.plane(plane.z)) });
  });
  valueOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "bench" }));
  const { session, volume: { volumeId } } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: volume.declaration }));
  for (let z = 0; z < volume.shape.z; z++) {
    await fetch(`${url}/v1/volumes/${volumeId}/planes/0/0/${z}`, { method: "PUT", body: bytesOf(volume.plane(z)) });
  }
  return { live, sessionId: session.sessionId };
}
