// Kills a real server at seeded moments of classical.run, starts it again on the same home: its edit is there whole, or not at all, and
// once acknowledged it is there.
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Declaration, Schema } from "#protocol/types.ts";
import { codeOf, connect, isEnding, isNeed, openedOf, valueOf } from "./live-client.ts";
import type { LiveClient } from "./live-client.ts";
import { startCommand, type Started } from "./run-command.ts";

const rounds = 6;
const seed = 7_301;
const size = { z: 20, y: 64, x: 80 };
const declaration: Declaration = { name: "grains", shape: { t: 1, c: 1, ...size }, dtype: "uint8", displayRange: [0, 255], identity: "grains-1" };
const recipe: Schema<"Recipe"> = { name: "grains", steps: [{ step: "threshold", method: "fixed", low: 150, high: 150 }, { step: "components" }] };

/** Twenty balls of 5 voxels radius, apart from each other. */
function plane(z: number): Uint8Array {
  const inside = (y: number, x: number): boolean => (z - 10) ** 2 + ((y % 16) - 8) ** 2 + ((x % 16) - 8) ** 2 <= 25;
  return Uint8Array.from({ length: size.y * size.x }, (_, at) => (inside(Math.floor(at / size.x), at % size.x) ? 200 : 60));
}

async function start(home: string): Promise<{ server: Started; live: LiveClient; sessionId: string; seq: number }> {
  const server = startCommand(["serve", "--port", "0", "--host", "127.0.0.1"], { home });
  const [url] = await server.line(/http:\/\/127\.0\.0\.1:\d+/);
  const live = await connect(url);
  live.onMessage((message) => {
    if (!isNeed(message)) return;
    for (const wanted of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane: wanted, data: plane(wanted.z) });
  });
  assert.equal(codeOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "kill test" })), "");
  const { session } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
  return { server, live, sessionId: session.sessionId, seq: session.seq };
}

async function kill(server: Started): Promise<void> {
  process.kill(-server.child.pid!, "SIGKILL");
  await server.ended;
}

test(`killed ${rounds} times in the middle of a classical run, its edit is whole or absent (seed ${seed})`, { timeout: 300_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), "masklet-classical-kill-"));
  let state = seed;
  const next = (bound: number): number => (state = (state * 48271) % 2147483647) % bound;
  let running = await start(home);
  let edits = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      const { live, sessionId } = running;
      live.send({ t: "classical.run", id: 3, sessionId, recipe });
      await new Promise((later) => setTimeout(later, next(900)));
      const acknowledged = live.received.some((message) => isEnding(message) && message.id === 3);
      await kill(running.server);
      await live.closed;
      running = await start(home);
      const where = `round ${round}, ${acknowledged ? "" : "not "}acknowledged`;
      assert.ok(running.seq === edits || running.seq === edits + 1, where);
      if (acknowledged) assert.equal(running.seq, edits + 1, where);
      edits = running.seq;
      const planes = await running.live.ask({ t: "labels.get", id: 4, sessionId, as: "planes" });
      assert.deepEqual(valueOf(planes), { masks: edits * 20 * 11 }, where);
    }
    const { live, sessionId } = running;
    const done = await live.ask({ t: "classical.run", id: 5, sessionId, recipe });
    assert.deepEqual([codeOf(done), done.masks.length], ["", 220]);
    assert.deepEqual(valueOf(await live.ask({ t: "undo", id: 6, sessionId })), { seq: edits + 2, undone: "classical" });
    assert.deepEqual(await readdir(join(home, "scratch")), [], "what killed runs left is gone");
  } finally {
    await kill(running.server);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
