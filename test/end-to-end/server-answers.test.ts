// While the model computes, everything that needs no model is answered as if it did not.
import assert from "node:assert/strict";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Declaration } from "#protocol/types.ts";
import { createApp } from "#server/app.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { codeOf, connect, isMask, isNeed, openedOf, valueOf } from "./live-client.ts";

leaveEmbeddedOut();

const side = 256;
const declaration: Declaration = { name: "disc", shape: { t: 1, c: 1, z: 5, y: side, x: side + 64 }, dtype: "uint8", displayRange: [0, 255], identity: "disc-1" };
/** The aim of the design, for the middle answer; a machine that does other things may be late now and then. */
const aimMs = 50;

function plane(z: number): Uint8Array {
  return Uint8Array.from({ length: side * (side + 64) }, (_, at) => ((at % (side + 64)) - 150 - z) ** 2 + (Math.floor(at / (side + 64)) - 128) ** 2 < 1600 ? 200 : 30);
}

test("health, a conflict-free edit and undo are answered while the encoder runs", { timeout: 180_000 }, async (t) => {
  await ensureWeights();
  const home = await mkdtemp(join(tmpdir(), "masklet-answers-"));
  await symlink(join(weightsHome(), "models"), join(home, "models"), "junction");
  const app = createApp({ home, port: 0, host: "127.0.0.1", roots: [], onLog: () => undefined });
  try {
    const url = (await app.listen()).urls[0]!;
    const live = await connect(url);
    live.onMessage((message) => {
      if (isNeed(message)) for (const wanted of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane: wanted, data: plane(wanted.z) });
    });
    assert.equal(codeOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "test" })), "");
    const { session: { sessionId } } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
    const prompt = { t: "prompt.set", sessionId, cut: { axis: "z", index: 0 }, box: [105, 85, 195, 171] } as const;
    assert.equal(codeOf(await live.ask({ ...prompt, id: 3, objectId: 1, cut: { ...prompt.cut }, box: [...prompt.box] })), "");
    assert.equal(codeOf(await live.ask({ ...prompt, id: 4, objectId: 2, cut: { ...prompt.cut }, box: [...prompt.box] })), "");

    const run = live.ask({ t: "propagate", id: 5, sessionId, direction: "forward", objects: [1] });
    await live.next((message): message is Extract<typeof message, { t: "mask" }> => isMask(message) && message.id === 5);
    const took: number[] = [];
    const timed = async (work: () => Promise<unknown>): Promise<void> => {
      const from = performance.now();
      await work();
      took.push(performance.now() - from);
    };
    let id = 100;
    let ended = false;
    void run.then(() => { ended = true; });
    while (!ended && took.length < 60) {
      await timed(async () => assert.equal((await fetch(`${url}/v1/health`)).status, 200));
      await timed(async () => assert.equal(codeOf(await live.ask({ t: "prompt.remove", id: id++, sessionId, objectId: 2, cut: { axis: "z", index: 0 } })), ""));
      await timed(async () => assert.deepEqual(Object.keys(valueOf(await live.ask({ t: "undo", id: id++, sessionId }))), ["seq", "undone"]));
    }
    assert.ok(!ended, "the run outlasts the questions, so that they were asked while it went on");
    // What was removed and brought back is on top of the run in the session's row; one more undo takes the run itself and stops it.
    await timed(async () => assert.deepEqual(valueOf(await live.ask({ t: "undo", id: id++, sessionId })), { seq: 4 + 2 * (took.length / 3) , undone: "propagate" }));
    assert.equal(codeOf(await run), "cancelled");
    const sorted = took.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1]!;
    t.diagnostic(`${took.length} answers: median ${median.toFixed(1)} ms, slowest ${sorted.at(-1)!.toFixed(1)} ms`);
    assert.ok(median < aimMs, `median ${median} ms`);
    await live.close();
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
