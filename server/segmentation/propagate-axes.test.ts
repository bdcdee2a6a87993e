import assert from "node:assert/strict";
import test from "node:test";
import { unpackMask } from "#protocol/mask.ts";
import type { Along, Box, Direction, End, IndexRange, Mask } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import type { PromptedObject, Scene } from "./contract.ts";
import { propagate } from "./propagate.ts";
import { segmentPlane } from "./segment-plane.ts";

// A bright bar in a 12 x 70 x 90 volume whose z step is three pixels: z 4..7, y 20..45, and x 10..17 that drifts by one a y plane.
const shape = { t: 1, c: 1, z: 12, y: 70, x: 90 };
const spacing = { z: 3, y: 1, x: 1 };
const inside = (z: number, y: number, x: number): boolean => z >= 4 && z < 8 && y >= 20 && y < 46 && x >= y - 10 && x < y - 2;
const volume = memoryVolume(shape, (_t, _c, z, y, x) => (inside(z, y, x) ? 200 : 10), { spacing });
const scene: Scene = { source: volume, view: { range: [0, 255], invert: false, sigma: 0 }, trackers: thresholdTrackers(), model: "threshold", window: "object" };

async function follow(objects: PromptedObject[], along: Along, seen = scene, direction: Direction = "both", range?: IndexRange) {
  const masks: Mask[] = [];
  const ends: End[] = [];
  const answer = await propagate(seen, { objects, along, range, direction }, { onMask: (mask) => void masks.push(mask), onEnd: (end) => void ends.push(end) });
  return { masks, ends, answer };
}

const boxOnY = (y: number): Box => [y - 10, 4, y - 2, 8];
const onY: PromptedObject = { objectId: 3, prompts: [{ cut: { axis: "y", index: 30 }, parts: { box: boxOnY(30) } }] };

test("along y the bar is found voxel by voxel, in whole pixels of the plane", async () => {
  const { masks, ends } = await follow([onY], "y");
  assert.deepEqual(masks.map(({ index }) => index).sort((a, b) => a - b), Array.from({ length: 26 }, (_, at) => 20 + at));
  for (const mask of masks) {
    assert.deepEqual([mask.axis, mask.box, mask.area], ["y", boxOnY(mask.index), 32]);
    assert.ok(unpackMask(mask).data.every((pixel) => pixel === 1));
  }
  assert.deepEqual(ends.map(({ direction, index, reason }) => [direction, index, reason]).sort(), [["backward", 20, "empty"], ["forward", 45, "empty"]]);
  assert.equal(masksAsZPlanes(masks).reduce((sum, { area }) => sum + area, 0), 4 * 26 * 8);
});

test("along x too, and in a colour volume", async () => {
  const colour = memoryVolume({ ...shape, c: 3 }, (_t, c, z, y, x) => (inside(z, y, x) ? 200 : 10 * c), { rgb: true });
  const onX: PromptedObject = { objectId: 3, prompts: [{ cut: { axis: "x", index: 25 }, parts: { points: [[30, 6, 1]] } }] };
  for (const source of [volume, colour]) {
    const { masks } = await follow([onX], "x", { ...scene, source });
    const voxels = masks.reduce((sum, { area }) => sum + area, 0);
    assert.equal(voxels, 4 * 26 * 8);
    assert.ok(masks.every((mask) => mask.axis === "x" && mask.box[1] === 4 && mask.box[3] === 8));
  }
});

test("the whole plane as window finds the same", async () => {
  const { masks } = await follow([onY], "y", { ...scene, window: "plane" });
  assert.equal(masks.reduce((sum, { area }) => sum + area, 0), 4 * 26 * 8);
});

test("a prompt on a y plane is answered on it, whatever its pixels' shape", async () => {
  const { mask, window } = await segmentPlane(scene, { objectId: 3, cut: { axis: "y", index: 30 }, parts: { points: [[24, 5, 1]] }, multimask: false }, {});
  assert.deepEqual([mask.axis, mask.index, mask.box], ["y", 30, boxOnY(30)]);
  assert.ok(window !== undefined && window.width / window.height > 2.8 && window.width / window.height < 3.2, JSON.stringify(window));
});

test("prompts on planes of another axis are no prompts for this one", async () => {
  const both: PromptedObject = { objectId: 3, prompts: [...onY.prompts, { cut: { axis: "z", index: 5 }, parts: { box: [10, 20, 43, 46] } }] };
  assert.equal((await follow([both], "z")).masks.every((mask) => mask.axis === "z"), true);
  assert.equal((await follow([both], "y")).masks.every((mask) => mask.axis === "y"), true);
  await assert.rejects(follow([onY], "z"), { code: "prompt_off_axis", message: /no prompt on a z plane/ });
  await assert.rejects(follow([onY], "x"), { code: "prompt_off_axis" });
});

test("a run along y reads each brick of the volume once", async () => {
  const counted = memoryVolume(shape, (_t, _c, z, y, x) => (inside(z, y, x) ? 200 : 10));
  await follow([onY], "y", { ...scene, source: counted, view: { ...scene.view, sigma: 1 } });
  assert.equal(new Set(counted.reads).size, counted.reads.length);
});
