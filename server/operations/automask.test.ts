// automask and automask.stack on a real session and volume; the network is a tracker that takes what is bright.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import test from "node:test";
import type { ClicksRequest, TrackerSource } from "#models/tracker.ts";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Declaration, Mask, Progress } from "#protocol/types.ts";
import { openDomains } from "#server/domains.ts";
import { createOperations, type OperationContext, type Operations, type Params } from "#server/operations.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";

// z, y, x, half-open. The long block is not there on z 7.
const shape = { t: 1, c: 1, z: 16, y: 40, x: 50 };
const blocks = [
  { z: [1, 15], y: [10, 30], x: [20, 32] },
  { z: [5, 13], y: [2, 9], x: [36, 48] },
] as const;
const within = ([start, end]: readonly [number, number], at: number): boolean => at >= start && at < end;
const inside = (z: number, y: number, x: number): boolean => blocks.some((block, nth) => within(block.z, z) && within(block.y, y) && within(block.x, x) && !(nth === 0 && z === 7));
const planeOf = (z: number): Uint8Array => Uint8Array.from({ length: shape.y * shape.x }, (_, at) => (inside(z, Math.floor(at / shape.x), at % shape.x) ? 200 : 20));
const declaration: Declaration = { name: "blocks", shape, dtype: "uint8", displayRange: [0, 255] };
const author = { id: "a", name: "a" };
const grid = { pointsPerSide: 10 };

interface Opened {
  readonly home: string;
  readonly operations: Operations;
  readonly sessionId: string;
  /** Every mask of the session as `object: axis index box`. */
  told(): Promise<string[]>;
  automask(more?: Partial<Params<"Automask">>, context?: Partial<OperationContext>): ReturnType<Operations["automask"]>;
  stack(more?: Partial<Params<"AutomaskStack">>, context?: Partial<OperationContext>): ReturnType<Operations["automask.stack"]>;
}

const line = ({ objectId, axis, index, box, area, score }: Mask): string => `${objectId}: ${axis} ${index} ${box.join(" ")} ${area === (box[2] - box[0]) * (box[3] - box[1]) ? "full" : area} ${score}`;

async function withSession(work: (opened: Opened) => Promise<void>, trackers: TrackerSource = thresholdTrackers(), given?: { home: string; sessionId: string }): Promise<void> {
  const home = given?.home ?? await mkdtemp(join(tmpdir(), "masklet-automask-"));
  const domains = openDomains({ home, port: 0, host: "127.0.0.1", roots: [], onLog: () => undefined });
  const models = { resolve: async () => "threshold", list: async () => [], state: () => "ready" as const, trackers };
  const operations = createOperations({ ...domains, models });
  try {
    const { volume, session: { sessionId } } = await operations["volume.open"](given === undefined ? { volume: declaration, view: { sigma: 0 } } : { sessionId: given.sessionId }, { author });
    if (given === undefined) for (let z = 0; z < shape.z; z++) await operations["plane.put"](volume.volumeId, { t: 0, c: 0, z }, planeOf(z), false);
    await work({
      home, operations, sessionId,
      told: async () => {
        const masks: Mask[] = [];
        await operations["labels.get"]({ sessionId, as: "planes" }, { author, onMask: (mask) => void masks.push(mask) });
        return masks.map(line);
      },
      automask: (more = {}, context = {}) => operations.automask({ sessionId, cut: { axis: "z", index: 5 }, grid, ...more }, { author, ...context }),
      stack: (more = {}, context = {}) => operations["automask.stack"]({ sessionId, every: 4, grid, ...more }, { author, ...context }),
    });
  } finally {
    await domains.close();
    if (given === undefined) await rm(home, { recursive: true, force: true });
  }
}

/** Scores rise with what is found, and every click is noted. */
function scoredClicks(asked: ClicksRequest[], score: (area: number) => number): TrackerSource {
  const real = thresholdTrackers();
  return {
    ...real,
    clicks: async (model, view, request, watch) => {
      asked.push(request);
      throwIfCancelled(watch?.signal);
      return (await real.clicks(model, view, request, watch)).map((found) => ({ ...found, score: score(found.mask.data.reduce((sum, bit) => sum + bit, 0)) }));
    },
  };
}

test("what a grid of clicks finds on a plane becomes objects, the surest first, in one edit that undo and redo move over", () => {
  const asked: ClicksRequest[] = [];
  return withSession(async ({ automask, told, operations, sessionId }) => {
    const streamed: Mask[] = [];
    const progress: Progress[] = [];
    const result = await automask({}, { onMask: (mask) => void streamed.push(mask), onProgress: (one) => void progress.push(one) });
    const found = ["1: z 5 36 2 48 9 full 0.984", "2: z 5 20 10 32 30 full 0.94"];
    assert.deepEqual(result, { seq: 1, objects: [1, 2], model: "threshold" });
    assert.deepEqual(streamed.map(line), found);
    assert.deepEqual(await told(), found);
    assert.deepEqual(progress, [{ done: 64, total: 100, unit: "objects" }, { done: 100, total: 100, unit: "objects" }]);
    assert.deepEqual(asked.map(({ points, multimask, refine, scoreThreshold, stabilityThreshold, stabilityOffset }) => [points.length, points[0], multimask, refine, scoreThreshold, stabilityThreshold, stabilityOffset]),
      [[64, [2.5, 2], true, false, 0.8, 0.95, 1], [36, [22.5, 26], true, false, 0.8, 0.95, 1]]);
    await operations.undo({ sessionId }, { author });
    assert.deepEqual(await told(), []);
    await operations.redo({ sessionId }, { author });
    assert.deepEqual(await told(), found);
    assert.deepEqual((await automask()).objects, [3, 4], "ids that were used are not used again");
    // The mask is the object's prompt, so it can be followed.
    await operations.propagate({ sessionId, objects: [2], range: { start: 4, end: 7 } }, { author });
    assert.deepEqual((await told()).filter((one) => one.startsWith("2:")), [4, 5, 6].map((z) => `2: z ${z} 20 10 32 30 full 1`));
  }, scoredClicks(asked, (area) => 1 - area / 4000 + (area === 84 ? 0.005 : 0)));
});

test("a region, other planes, and crops", () => withSession(async ({ automask, told }) => {
  assert.deepEqual((await automask({ region: [0, 0, 34, 40] })).objects, [1]);
  assert.deepEqual((await automask({ cut: { axis: "y", index: 5 } })).objects, [2]);
  assert.deepEqual((await automask({ cut: { axis: "x", index: 40 } })).objects, [3]);
  assert.deepEqual((await automask({ grid: { ...grid, cropNLayers: 1 } })).objects.length, 2, "what crops see again is not found again");
  assert.deepEqual((await told()).slice(0, 3), ["1: z 5 20 10 32 30 full 1", "2: y 5 36 5 48 13 full 1", "3: x 40 2 5 9 13 full 1"]);
}));

test("nothing found is no edit; what could not be looked at is an error", () => withSession(async ({ automask, stack, operations, sessionId }) => {
  assert.deepEqual(await automask({ cut: { axis: "z", index: 0 } }), { seq: 0, objects: [], model: "threshold" });
  assert.deepEqual(await automask({ grid: { ...grid, maxAreaPart: 0.01 } }), { seq: 0, objects: [], model: "threshold" });
  assert.deepEqual(await automask({ grid: { ...grid, minArea: 300 } }), { seq: 0, objects: [], model: "threshold" });
  assert.deepEqual(await stack({ grid: { ...grid, minArea: 300 } }), { seq: 0, objects: [], model: "threshold" });
  await assert.rejects(operations.undo({ sessionId }, { author }), { code: "nothing_to_undo" });
  await assert.rejects(automask({ cut: { axis: "z", index: 16 } }), { code: "plane_off_volume" });
  await assert.rejects(automask({ cut: { axis: "z", index: 5, c: 1 } }), { code: "plane_off_volume" });
  await assert.rejects(automask({ region: [40, 0, 51, 9] }), { code: "prompt_off_image" });
  await assert.rejects(automask({ region: [4, 4, 4, 9] }), { code: "prompt_empty" });
  await assert.rejects(stack({ range: { start: 4, end: 17 } }), { code: "range_invalid" });
  await assert.rejects(stack({ along: "t" }), { code: "axis_unsupported" });
  await assert.rejects(stack({ frame: 1 }), { code: "plane_off_volume" });
}));

test("a model that fails between clicks, and a cancel, leave nothing behind", async () => {
  const state = { calls: 0 };
  const real = thresholdTrackers();
  const failing: TrackerSource = { ...real, clicks: async (...given) => {
    if (++state.calls % 2 === 0) throw MaskletError.of("model_failed", { model: "threshold", why: "it fell over" });
    return real.clicks(...given);
  } };
  await withSession(async ({ automask, operations, sessionId, told }) => {
    await assert.rejects(automask(), { code: "model_failed" });
    const stop = new AbortController();
    await assert.rejects(automask({}, { signal: stop.signal, onProgress: () => stop.abort() }), (error) => error instanceof MaskletError && error.code === "cancelled" && !("seq" in (error.details ?? {})));
    assert.deepEqual(await told(), []);
    await assert.rejects(operations.undo({ sessionId }, { author }), { code: "nothing_to_undo" });
  }, failing);
});

const long = (id: number, from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => `${id}: z ${from + at} 20 10 32 30 full 1`);
const short = (id: number, from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => `${id}: z ${from + at} 36 2 48 9 full 1`);

test("every particle of a stack: seeds on every k-th plane, followed both ways, known ones passed over; one edit", () => withSession(async ({ stack, told, operations, sessionId }) => {
  const streamed: string[] = [];
  const progress: Progress[] = [];
  const result = await stack({}, { onMask: (mask) => void streamed.push(line(mask)), onProgress: (one) => void progress.push(one) });
  // z 4 finds the lower half of the long block; z 8 the short block, which lies in an earlier row of clicks, and the upper half; z 12 nothing new.
  assert.deepEqual(result, { seq: 1, objects: [1, 2, 3], model: "threshold" });
  const found = [...long(1, 1, 7), ...short(2, 5, 13), ...long(3, 8, 15)];
  assert.deepEqual([...streamed].sort(), [...found].sort());
  assert.deepEqual(await told(), found);
  assert.deepEqual(progress.at(-1), { done: 16, total: 16, unit: "planes" });
  assert.deepEqual(progress.map(({ done }) => done), progress.map(({ done }) => done).sort((a, b) => a - b));
  await operations.undo({ sessionId }, { author });
  assert.deepEqual(await told(), []);
  await operations.redo({ sessionId }, { author });
  assert.deepEqual(await told(), found);
}));

test("a stack along y and x, and within a range", () => withSession(async ({ stack, told }) => {
  assert.deepEqual((await stack({ range: { start: 8, end: 11 } })).objects, [1, 2]);
  assert.deepEqual(await told(), [...short(1, 8, 11), ...long(2, 8, 11)]);
  assert.deepEqual((await stack({ along: "y", range: { start: 0, end: 9 } })).objects, [3]);
  assert.deepEqual((await told()).slice(6), Array.from({ length: 7 }, (_, at) => `3: y ${2 + at} 36 5 48 13 full 1`));
  assert.deepEqual((await stack({ along: "x", range: { start: 34, end: 50 } })).objects, [4]);
  assert.deepEqual((await told()).slice(13), Array.from({ length: 12 }, (_, at) => `4: x ${36 + at} 2 5 9 13 full 1`));
}));

test("a cancelled stack keeps what arrived, names its edit, and what was told is there when the session is opened again", () => withSession(async ({ home, stack, told, operations, sessionId }) => {
  const stop = new AbortController();
  const streamed: string[] = [];
  await assert.rejects(stack({}, { signal: stop.signal, onMask: (mask) => { streamed.push(line(mask)); if (mask.index === 3) stop.abort(); } }), { code: "cancelled", details: { seq: 1 } });
  assert.deepEqual(streamed, long(1, 1, 7));
  assert.deepEqual(await told(), streamed);
  const again = await mkdtemp(join(tmpdir(), "masklet-automask-"));
  try {
    // The folder as a killed process would leave it, but for the lock, whose process is this one.
    await cp(home, again, { recursive: true, filter: (path) => basename(path) !== "lock" });
    await withSession(async (opened) => assert.deepEqual(await opened.told(), streamed), thresholdTrackers(), { home: again, sessionId });
  } finally {
    await rm(again, { recursive: true, force: true });
  }
  await operations.undo({ sessionId }, { author });
  assert.deepEqual(await told(), []);
}));

test("a stack that is undone while it goes on stops and leaves nothing", () => withSession(async ({ stack, told, operations, sessionId }) => {
  let undone: Promise<unknown> | undefined;
  await assert.rejects(stack({}, { onMask: async () => { await (undone ??= operations.undo({ sessionId }, { author })); } }), { code: "cancelled" });
  assert.deepEqual(await told(), []);
}));
