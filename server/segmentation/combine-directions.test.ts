// Directions put together over a real propagation: bright bodies followed by a tracker that needs no weights.
import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { Axis, Mask, Progress } from "#protocol/types.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import { checkCombine, combineDirections } from "./combine-directions.ts";
import type { CombineRequest, Follower } from "./combine-directions.ts";
import type { PromptedObject, Scene } from "./contract.ts";
import { checkRun, propagate } from "./propagate.ts";
import { drawInto } from "./voxels.ts";

const shape = { t: 2, c: 1, z: 9, y: 20, x: 26 };
type Inside = (t: number, z: number, y: number, x: number) => boolean;
const block: Inside = (_t, z, y, x) => z >= 2 && z < 7 && y >= 5 && y < 13 && x >= 6 && x < 16;
const sceneOf = (inside: Inside): Scene => ({
  source: memoryVolume(shape, (t, _c, z, y, x) => (inside(t, z, y, x) ? 200 : 10), { displayRange: [0, 255] }),
  view: { range: [0, 255], invert: false, sigma: 0 }, trackers: thresholdTrackers(), model: "threshold", window: "object",
});
const real: Follower = { checkRun: (given, request) => void checkRun(given, request), propagate };
const boxed = (objectId: number, t = 0): PromptedObject => ({ objectId, prompts: [{ cut: { axis: "z", index: 4, t }, parts: { box: [6, 5, 16, 13] } }] });
const all: readonly Axis[] = ["z", "y", "x"];

async function run(inside: Inside, request: Partial<CombineRequest> = {}, follower = real, signal?: AbortSignal) {
  const progress: Progress[] = [];
  const found = await combineDirections(sceneOf(inside), { objects: [boxed(3)], axes: all, ...request }, follower, { signal, onProgress: (now) => void progress.push(now) });
  return { found, progress };
}

function voxels(masks: readonly Mask[], t = 0): Set<number> {
  const data = new Uint8Array(shape.z * shape.y * shape.x);
  drawInto(data, { start: [0, 0, 0], size: [shape.z, shape.y, shape.x] }, masks.filter((mask) => mask.t === t), 1);
  return new Set([...data.keys()].filter((at) => data[at] !== 0));
}

function voxelsOf(inside: Inside, t = 0): Set<number> {
  const found = new Set<number>();
  for (let z = 0, at = 0; z < shape.z; z++) for (let y = 0; y < shape.y; y++) for (let x = 0; x < shape.x; x++, at++) if (inside(t, z, y, x)) found.add(at);
  return found;
}

test("a body that all directions see alike is found voxel by voxel, without dispute", async () => {
  const { found, progress } = await run(block);
  assert.equal(found.length, 1);
  assert.deepEqual(voxels(found[0]!.masks), voxelsOf(block));
  assert.ok(found[0]!.masks.every(({ axis, objectId, t }) => axis === "z" && objectId === 3 && t === 0));
  assert.deepEqual(found[0]!.disagreement, { objectId: 3, voxels: 400, disputed: 0, dice: 1 });
  assert.deepEqual(found[0]!.frames, [0]);
  assert.deepEqual(progress.at(-1), { done: 55, total: 55, unit: "planes" });
  assert.ok(progress.every((now, at) => at === 0 || now.done >= progress[at - 1]!.done));
});

test("what one direction leaks into is voted out, and the report says how much was disputed and where", async () => {
  // Along z, the slab on z 5 hangs together with the block; along y and x the tracker is given the block alone.
  const leaking: Inside = (t, z, y, x) => block(t, z, y, x) || (z === 5 && y >= 14 && y < 19 && x >= 6 && x < 24);
  const leak = async (...[scene, request, events]: Parameters<Follower["propagate"]>) => {
    if (request.along !== "z") return propagate({ ...scene, source: sceneOf(block).source }, request, events);
    return propagate(scene, request, {
      ...events,
      onMask: (mask) => events.onMask(mask.index === 5 ? { ...mask, ...wide(leaking) } : mask),
    });
  };
  const { found } = await run(leaking, {}, { ...real, propagate: leak });
  assert.deepEqual(voxels(found[0]!.masks), voxelsOf(block));
  const { dice, ...rest } = found[0]!.disagreement;
  assert.deepEqual(rest, { objectId: 3, voxels: 400, disputed: 90, worst: { axis: "z", index: 5, t: 0 } });
  assert.ok(Math.abs(dice - (2 * (800 / 890) + 1) / 3) < 1e-12);
});

function wide(inside: Inside): Pick<Mask, "box" | "bits" | "area"> {
  const bits = new Uint8Array(20 * 4);
  let area = 0;
  for (let y = 0; y < 20; y++) for (let x = 0; x < 26; x++) if (inside(0, 5, y, x)) {
    bits[y * 4 + (x >> 3)]! |= 0x80 >> (x & 7);
    area++;
  }
  return { box: [0, 0, 26, 20], bits, area };
}

test("along a further axis it starts from the largest cut through what was found first", async () => {
  const asked: unknown[] = [];
  // A pyramid: the largest y cut is y = 9, the largest x cut x = 12.
  const pyramid: Inside = (_t, z, y, x) => z >= 1 && z < 8 && Math.abs(y - 9) <= 4 - Math.abs(z - 4) && Math.abs(x - 12) <= 6 - Math.abs(y - 9);
  const spy = (...[scene, request, events]: Parameters<Follower["propagate"]>) => {
    asked.push([request.along, ...request.objects[0]!.prompts.map(({ cut, parts }) => [cut.axis, cut.index, cut.t, Object.keys(parts)])]);
    return propagate(scene, request, events);
  };
  const object: PromptedObject = { objectId: 3, prompts: [{ cut: { axis: "z", index: 4 }, parts: { box: [6, 5, 19, 14] } }] };
  const { found } = await run(pyramid, { objects: [object] }, { ...real, propagate: spy });
  assert.deepEqual(asked, [["z", ["z", 4, undefined, ["box"]]], ["y", ["y", 9, 0, ["mask"]]], ["x", ["x", 12, 0, ["mask"]]]]);
  assert.deepEqual(voxels(found[0]!.masks), voxelsOf(pyramid));
});

test("prompts on another axis begin there, and frames are combined each on its own", async () => {
  const object: PromptedObject = { objectId: 5, prompts: [0, 1].map((t) => ({ cut: { axis: "y", index: 8, t }, parts: { box: [6 + 2 * t, 2, 16 + 2 * t, 7] } })) };
  const moving: Inside = (t, z, y, x) => block(t, z, y, x - 2 * t);
  const { found } = await run(moving, { objects: [object], axes: ["z", "y"] });
  assert.deepEqual(found[0]!.frames, [0, 1]);
  for (const t of [0, 1]) assert.deepEqual(voxels(found[0]!.masks, t), voxelsOf(moving, t));
  assert.equal(found[0]!.disagreement.voxels, 800);
});

test("a range bounds the axis of the prompts, also for what the other directions found", async () => {
  const { found } = await run(block, { range: { start: 3, end: 6 } });
  assert.deepEqual(voxels(found[0]!.masks), voxelsOf((t, z, y, x) => block(t, z, y, x) && z >= 3 && z < 6));
  assert.equal(found[0]!.disagreement.disputed, 0);
});

test("several objects are followed together, each direction in one run, and kept apart", async () => {
  const two: Inside = (t, z, y, x) => block(t, z, y, x) || (z >= 1 && z < 8 && y >= 14 && y < 18 && x >= 18 && x < 24);
  const onY: PromptedObject = { objectId: 8, prompts: [{ cut: { axis: "y", index: 15 }, parts: { box: [18, 1, 24, 8] } }] };
  const asked: unknown[] = [];
  const spy = (...[scene, request, events]: Parameters<Follower["propagate"]>) => {
    asked.push([request.along, ...request.objects.map(({ objectId }) => objectId)]);
    return propagate(scene, request, events);
  };
  const { found, progress } = await run(two, { objects: [boxed(3), onY, boxed(5)] }, { ...real, propagate: spy });
  assert.deepEqual(asked, [["z", 3, 5], ["y", 8], ["z", 8], ["y", 3, 5], ["x", 3, 8, 5]]);
  assert.deepEqual(found.map(({ objectId, disagreement }) => [objectId, disagreement.voxels, disagreement.disputed]), [[3, 400, 0], [8, 168, 0], [5, 400, 0]]);
  assert.deepEqual(progress.at(-1), { done: 165, total: 165, unit: "planes" });
});

test("where nothing is agreed on nothing is said, and the report has 0 voxels", async () => {
  const shy = (...[scene, request, events]: Parameters<Follower["propagate"]>) => (request.along === "z" ? propagate(scene, request, events) : Promise.resolve());
  const { found } = await run(block, {}, { ...real, propagate: shy });
  assert.deepEqual(found.map(({ masks, frames, disagreement }) => [masks, frames, disagreement]), [[[], [], { objectId: 3, voxels: 0, disputed: 400, dice: 1 / 3, worst: { axis: "z", index: 2, t: 0 } }]]);
  assert.equal((await run(block, { votes: 1 }, { ...real, propagate: shy })).found[0]!.disagreement.voxels, 400);
});

test("cancelled in the middle it gives nothing", async () => {
  const stop = new AbortController();
  const stopping = (...[scene, request, events]: Parameters<Follower["propagate"]>) => {
    if (request.along === "x") stop.abort();
    return propagate(scene, request, events);
  };
  await assert.rejects(run(block, {}, { ...real, propagate: stopping }, stop.signal), { code: "cancelled" });
});

test("refused before anything is looked at", () => {
  const refused = (request: Partial<CombineRequest>, given = shape): string => {
    try {
      checkCombine(given, { objects: [boxed(3)], axes: all, ...request }, real);
    } catch (thrown) {
      assert.ok(thrown instanceof MaskletError);
      return thrown.code;
    }
    return "";
  };
  assert.equal(refused({}), "");
  assert.equal(refused({ axes: ["z", "z"] }), "request_invalid");
  assert.equal(refused({ axes: ["z", "y"], votes: 3 }), "request_invalid");
  assert.equal(refused({ axes: ["y", "x"] }), "prompt_off_axis");
  assert.equal(refused({ range: { start: 5, end: 9 } }), "range_invalid");
  assert.equal(refused({}, { ...shape, z: 4 }), "plane_off_volume");
  assert.equal(refused({ objects: [{ objectId: 3, prompts: [{ cut: { axis: "z", index: 0 }, parts: { box: [0, 0, 5, 5] } }] }] }, { ...shape, z: 1 }), "axis_unsupported");
});
