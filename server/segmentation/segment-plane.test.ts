// What one prompt costs; what it finds is in propagate-axes.test.ts and the contract of trackers.
import assert from "node:assert/strict";
import test from "node:test";
import type { View } from "#models/tracker.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import { watchedTrackers } from "../../test/contracts/watched-trackers.ts";
import type { Scene } from "./contract.ts";
import { segmentPlane, type PlaneRequest } from "./segment-plane.ts";
import { createViews } from "./views.ts";

const disc = (_t: number, _c: number, _z: number, y: number, x: number): number => (Math.hypot(x - 30, y - 25) < 8 ? 200 : 20);
const asked: PlaneRequest = { objectId: 4, cut: { axis: "z", index: 0 }, parts: { box: [20, 15, 40, 35] }, multimask: true };

function sceneOf() {
  const source = memoryVolume({ t: 1, c: 1, z: 1, y: 50, x: 60 }, disc);
  const trackers = watchedTrackers(thresholdTrackers());
  const scene: Scene = { source, view: { range: [0, 255], invert: false, sigma: 0 }, trackers, model: "m", window: "plane" };
  return { source, trackers, scene };
}

test("for alternatives alone nothing else is looked for, and the best of them is the answer", async () => {
  const whole = sceneOf();
  const both = await segmentPlane(whole.scene, asked, {});
  assert.equal(whole.trackers.asked.length, 1);
  const less = sceneOf();
  const alone = await segmentPlane(less.scene, { ...asked, alternativesOnly: true }, {});
  assert.equal(less.trackers.asked.length, 0);
  assert.deepEqual(alone.candidates, both.candidates);
  assert.deepEqual(alone.mask, alone.candidates[0]);
  assert.ok(alone.mask.area > 0);
});

test("without alternatives the answer is looked for, whatever else was said", async () => {
  const { trackers, scene } = sceneOf();
  const { mask, candidates } = await segmentPlane(scene, { ...asked, multimask: false, alternativesOnly: true }, {});
  assert.deepEqual([trackers.asked.length, candidates.length, mask.objectId], [1, 0, 4]);
});

test("scenes that share views render a plane once", async () => {
  const { source, scene } = sceneOf();
  const views = createViews(scene);
  const seen: View[] = [];
  const shared: Scene = { ...scene, views: { view: async (...of) => { const view = await views.view(...of); seen.push(view); return view; } } };
  const first = await segmentPlane(shared, asked, {});
  const again = await segmentPlane(shared, { ...asked, parts: { box: [18, 14, 42, 36] } }, {});
  assert.equal(source.reads.length, 1);
  assert.equal(seen[0], seen[1]);
  assert.deepEqual(again.mask.box, first.mask.box);
});
