import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Axis, Box, Declaration, Mask } from "#protocol/types.ts";
import { openDomains } from "#server/domains.ts";
import { createOperations, type Operations, type Params } from "#server/operations.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";

// A bright block in a 16 x 40 x 50 volume: z 1..14, y 10..29, x 20..31; on z 7 it is not there.
const shape = { t: 1, c: 1, z: 16, y: 40, x: 50 };
const declaration: Declaration = { name: "block", shape, dtype: "uint8", displayRange: [0, 255] };
const inside = (z: number, y: number, x: number): boolean => z >= 1 && z < 15 && z !== 7 && y >= 10 && y < 30 && x >= 20 && x < 32;
const planeOf = (z: number): Uint8Array => Uint8Array.from({ length: shape.y * shape.x }, (_, at) => (inside(z, Math.floor(at / shape.x), at % shape.x) ? 200 : 20));
const context = { author: { id: "a", name: "a" } };

interface Opened {
  readonly operations: Operations;
  readonly sessionId: string;
  prompt(axis: Axis, index: number, box: Box): Promise<unknown>;
  run(more?: Partial<Params<"Propagate">>): Promise<{ readonly planes: number[]; readonly seq: number }>;
  /** Every mask of the session. */
  masks(): Promise<Mask[]>;
}

async function withSession(work: (opened: Opened) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "masklet-propagate-"));
  const domains = openDomains({ home, port: 0, host: "127.0.0.1", roots: [], onLog: () => undefined });
  const models = { resolve: async () => "threshold", list: async () => [], state: () => "ready" as const, trackers: thresholdTrackers() };
  const operations = createOperations({ ...domains, models });
  try {
    const { volume, session: { sessionId } } = await operations["volume.open"]({ volume: declaration, view: { sigma: 0 } }, context);
    for (let z = 0; z < shape.z; z++) await operations["plane.put"](volume.volumeId, { t: 0, c: 0, z }, planeOf(z), false);
    await work({
      operations, sessionId,
      prompt: (axis, index, box) => operations["prompt.set"]({ sessionId, objectId: 1, cut: { axis, index }, box }, context),
      run: async (more = {}) => {
        const planes: number[] = [];
        const { seq } = await operations.propagate({ sessionId, ...more }, { ...context, onMask: (mask) => void planes.push(mask.index) });
        return { planes: planes.sort((a, b) => a - b), seq };
      },
      masks: async () => {
        const masks: Mask[] = [];
        await operations["labels.get"]({ sessionId, as: "planes" }, { ...context, onMask: (mask) => void masks.push(mask) });
        return masks;
      },
    });
  } finally {
    await domains.close();
    await rm(home, { recursive: true, force: true });
  }
}

const block: Box = [20, 10, 32, 30];
const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
const indices = (masks: readonly Mask[]): number[] => masks.map(({ index }) => index);

test("continuing walks what was edited since, keeps the rest, and comes to what a full run comes to", () => withSession(async ({ run, prompt, masks, operations, sessionId }) => {
  await prompt("z", 4, block);
  assert.deepEqual((await run({ continue: true })).planes, span(1, 7), "an object without a run is walked whole");
  const nothing = await run({ continue: true });
  assert.deepEqual(nothing.planes, []);
  assert.equal(nothing.seq, 2, "nothing to walk is no edit");

  await prompt("z", 11, block);
  const before = await masks();
  assert.deepEqual((await run({ continue: true })).planes, [5, 6, 8, 9, 10, 11, 12, 13, 14], "the gap below plane 4 was not beside the edit");
  const continued = await masks();
  assert.deepEqual(indices(continued), [...span(1, 7), ...span(8, 15)]);
  assert.deepEqual(continued.filter(({ index }) => index <= 4), before.filter(({ index }) => index <= 4));
  await run();
  assert.deepEqual(await masks(), continued);

  await operations["prompt.remove"]({ sessionId, objectId: 1, cut: { axis: "z", index: 11 } }, context);
  assert.deepEqual((await run({ continue: true })).planes, [5, 6]);
  assert.deepEqual(indices(await masks()), span(1, 7), "beyond plane 6 the object has ended now");
  await operations.undo({ sessionId }, context);
  assert.deepEqual(indices(await masks()), [...span(1, 7), ...span(8, 15)]);
}));

test("a run that was stopped is not taken for one that came to its end", () => withSession(async ({ run, prompt, operations, sessionId }) => {
  await prompt("z", 4, block);
  const stop = new AbortController();
  await assert.rejects(operations.propagate({ sessionId }, { ...context, signal: stop.signal, onMask: () => stop.abort() }), { code: "cancelled" });
  assert.deepEqual((await run({ continue: true })).planes, span(1, 7));
}));

test("an object is followed along the axes it was prompted on, and what was found along each is kept", () => withSession(async ({ run, prompt, masks }) => {
  await prompt("y", 15, [20, 1, 32, 7]);
  assert.deepEqual((await run({ along: "y" })).planes, span(10, 30));
  await assert.rejects(run(), { code: "prompt_off_axis" });
  await prompt("z", 11, block);
  assert.deepEqual((await run()).planes, span(8, 15));
  const found = await masks();
  assert.deepEqual([found.filter(({ axis }) => axis === "y").length, found.filter(({ axis }) => axis === "z").length], [20, 7]);
  assert.equal(found.filter(({ axis }) => axis === "y").reduce((sum, { area }) => sum + area, 0), 20 * 6 * 12);
}));
