import assert from "node:assert/strict";
import test from "node:test";
import { packMask, type Raster } from "#protocol/mask.ts";
import type { End, Mask } from "#protocol/types.ts";
import type { TrackerSource } from "#models/tracker.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import { watchedTrackers } from "../../test/contracts/watched-trackers.ts";
import type { PromptedObject, Scene } from "./contract.ts";
import { propagate } from "./propagate.ts";

// A square of 8 x 8 that drifts by 6 pixels a plane through 18 planes of 90 x 160, so that its window of 64 moves again and again.
const shape = { t: 1, c: 1, z: 18, y: 90, x: 160 };
const left = (z: number): number => 10 + 6 * z;
const square = (z: number, y: number, x: number): boolean => y >= 40 && y < 48 && x >= left(z) && x < left(z) + 8;
const box = (z: number): [number, number, number, number] => [left(z), 40, left(z) + 8, 48];
const prompted = (...planes: number[]): PromptedObject => ({ objectId: 1, prompts: planes.map((z) => ({ cut: { axis: "z", index: z }, parts: { box: box(z) } })) });
const nothing: Raster = { box: [0, 0, 0, 0], data: new Uint8Array(0) };

async function follow(object: PromptedObject, options: { windowMemory?: Scene["windowMemory"]; hidden?: readonly number[]; inner?: TrackerSource } = {}) {
  const volume = memoryVolume(shape, (_t, _c, z, y, x) => (square(z, y, x) && options.hidden?.includes(z) !== true ? 200 : 10));
  const trackers = watchedTrackers(options.inner ?? thresholdTrackers());
  const scene: Scene = { source: volume, view: { range: [0, 255], invert: false, sigma: 0 }, trackers, model: "threshold", window: "object", windowMemory: options.windowMemory };
  const masks: Mask[] = [];
  const ends: End[] = [];
  const answer = await propagate(scene, { objects: [object], along: "z", direction: "both" }, { onMask: (mask) => void masks.push(mask), onEnd: (end) => void ends.push(end) });
  return { masks: masks.sort((a, b) => a.index - b.index), ends, answer, asked: trackers.asked };
}

test("kept memories are asked for nothing when the window moves", async () => {
  const { masks, asked } = await follow(prompted(0));
  assert.equal(masks.length, 18);
  assert.ok(new Set(asked.map(({ window }) => window.u0)).size > 3);
  assert.ok(asked.every(({ call }) => call === "step"));
});

test("recalled ones are seen anew in each new window: the prompted planes, then the last six", async () => {
  const kept = await follow(prompted(0));
  const { masks, asked } = await follow(prompted(0), { windowMemory: "recall" });
  assert.deepEqual(masks, kept.masks, "this tracker knows its masks by their place in the plane");
  const steps = asked.filter(({ call }) => call === "step");
  for (let at = 1; at < steps.length; at++) {
    const from = asked.indexOf(steps[at - 1]!) + 1;
    const recalled = asked.slice(from, asked.indexOf(steps[at]!));
    if (JSON.stringify(steps[at]!.window) === JSON.stringify(steps[at - 1]!.window)) assert.deepEqual(recalled, []);
    else {
      const index = steps[at]!.index;
      const last = Array.from({ length: Math.min(6, index - 1) }, (_, back) => index - 1 - back).reverse();
      assert.deepEqual(recalled.map((one) => one.index), [0, ...last]);
      assert.ok(recalled.every((one) => JSON.stringify(one.window) === JSON.stringify(steps[at]!.window)));
    }
  }
});

test("a front whose window has not moved finds the prompted planes where they were prompted", async () => {
  const { masks, asked } = await follow(prompted(0, 12), { windowMemory: "recall" });
  assert.equal(masks.length, 18);
  const [first] = asked.filter(({ call, direction }) => call === "step" && direction === "backward");
  const before = asked.slice(0, asked.indexOf(first!)).filter(({ call }) => call === "recall").slice(-2);
  const [at0, at12] = [0, 12].map((z) => asked.find(({ call, index }) => call === "step" && index === z)!.window);
  assert.deepEqual(before.map(({ index, direction, window }) => ({ index, direction, window })), [
    { index: 0, direction: "backward", window: at0 },
    { index: 12, direction: "backward", window: at12 },
  ]);
});

/** A tracker with a memory as SAM 2's: for up to two planes an object may be hidden. */
function forgiving(): TrackerSource {
  const inner = thresholdTrackers();
  return {
    ...inner,
    async openTracker(model) {
      const tracker = await inner.openTracker(model);
      let seen: Raster = nothing;
      let hidden = 0;
      return {
        ...tracker,
        async step(view, index, direction, watch) {
          const step = await tracker.step(view, index, direction, watch);
          if (step.end === undefined) {
            seen = step.mask;
            hidden = 0;
            return step;
          }
          if (++hidden > 2) return step;
          // Where it would be by now: the square drifts.
          const drift = direction === "forward" ? 6 : -6;
          await tracker.recall(view, index, direction, { box: [seen.box[0] + drift * hidden, seen.box[1], seen.box[2] + drift * hidden, seen.box[3]], data: seen.data });
          return { mask: nothing, score: 0, presence: 0, warnings: [] };
        },
      };
    },
  };
}

test("hidden for two planes, an object goes on behind them: nothing is told of those, and the next mask says so", async () => {
  const { masks, ends, answer } = await follow(prompted(3), { hidden: [5, 6, 9], inner: forgiving() });
  assert.deepEqual(masks.map(({ index }) => index), [0, 1, 2, 3, 4, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17]);
  assert.equal(answer.planes, 15);
  assert.deepEqual(masks.filter(({ warnings }) => warnings?.includes("gap")).map(({ index }) => index), [7, 10]);
  for (const mask of masks) assert.deepEqual([mask.box, mask.area], [packMask({ box: box(mask.index), data: new Uint8Array(64).fill(1) }).box, 64]);
  assert.deepEqual(ends.map(({ direction, index, reason }) => [direction, index, reason]).sort(), [["backward", 0, "volume-edge"], ["forward", 17, "volume-edge"]]);
});

test("an object that stays hidden ended on the last plane with a mask", async () => {
  const { masks, ends } = await follow(prompted(3), { hidden: [6, 7, 8], inner: forgiving() });
  assert.deepEqual(masks.map(({ index }) => index), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(ends.find(({ direction }) => direction === "forward"), { objectId: 1, direction: "forward", index: 5, reason: "empty" });
});
