import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { Box, Direction, End, IndexRange, Mask, Progress } from "#protocol/types.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import type { PromptedObject, Scene } from "./contract.ts";
import { propagate } from "./propagate.ts";

// Two bright squares on dark ground in a 14 x 90 x 120 volume. Object 1 (8 x 8) lies on z 2..9 and drifts 6 pixels a plane
// along x, so that it leaves its first window; object 2 (6 x 6) stands still on z 0..13.
const shape = { t: 1, c: 1, z: 14, y: 90, x: 120 };
const left = (z: number) => 10 + 6 * z;
const inFirst = (z: number, y: number, x: number) => z >= 2 && z <= 9 && y >= 20 && y < 28 && x >= left(z) && x < left(z) + 8;
const inSecond = (y: number, x: number) => y >= 60 && y < 66 && x >= 100 && x < 106;
const volume = memoryVolume(shape, (_t, _c, z, y, x) => (inFirst(z, y, x) || inSecond(y, x) ? 200 : 10), { displayRange: [0, 255] });
const scene: Scene = { source: volume, view: { range: [0, 255], invert: false, sigma: 0 }, trackers: thresholdTrackers(), model: "threshold", window: "object" };

const boxOn = (z: number): Box => [left(z), 20, left(z) + 8, 28];
const first = (...planes: number[]): PromptedObject => ({ objectId: 1, prompts: planes.map((z) => ({ cut: { axis: "z", index: z }, parts: { box: boxOn(z) } })) });
const second: PromptedObject = { objectId: 2, prompts: [{ cut: { axis: "z", index: 6 }, parts: { box: [100, 60, 106, 66] } }] };

async function run(objects: PromptedObject[], direction: Direction = "both", range?: IndexRange, cancelAfter = Infinity, along: "z" | "t" | "y" = "z", seen = scene) {
  const masks: Mask[] = [];
  const ends: End[] = [];
  const progress: Progress[] = [];
  const stop = new AbortController();
  const answer = propagate(seen, { objects, along, range, direction }, {
    signal: stop.signal,
    onProgress: (now) => void progress.push(now),
    onEnd: (end) => void ends.push(end),
    onMask: (mask) => {
      masks.push(mask);
      if (masks.length === cancelAfter) stop.abort();
    },
  });
  return { masks, ends, progress, answer };
}

const planesOf = (masks: readonly Mask[], id = 1) => masks.filter((mask) => mask.objectId === id).map((mask) => mask.index).sort((a, b) => a - b);
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test("one box is followed both ways to where the object ends, pixel by pixel, through a moving window", async () => {
  const { masks, ends, answer } = await run([first(5)]);
  assert.deepEqual((await answer).planes, 8);
  assert.deepEqual(planesOf(masks), span(2, 9));
  for (const mask of masks) {
    assert.deepEqual(mask.box, boxOn(mask.index));
    assert.equal(mask.area, 64);
    assert.ok(unpackMask(mask).data.every((pixel) => pixel === 1));
  }
  assert.deepEqual(ends.map(({ direction, index, reason }) => [direction, index, reason]).sort(), [["backward", 2, "empty"], ["forward", 9, "empty"]]);
});

test("directions", async () => {
  const forward = await run([first(5)], "forward");
  await forward.answer;
  assert.deepEqual(planesOf(forward.masks), span(5, 9));
  const backward = await run([first(5)], "backward");
  await backward.answer;
  assert.deepEqual(planesOf(backward.masks), span(2, 5));
  assert.deepEqual(backward.ends.map((end) => end.direction), ["backward"]);
});

test("the reason says whether the range or the volume ended", async () => {
  const whole = await run([second]);
  await whole.answer;
  assert.deepEqual(planesOf(whole.masks, 2), span(0, 13));
  assert.deepEqual(new Set(whole.ends.map((end) => end.reason)), new Set(["volume-edge"]));
  const part = await run([second], "both", { start: 4, end: 9 });
  await part.answer;
  assert.deepEqual(planesOf(part.masks, 2), span(4, 8));
  assert.deepEqual(new Set(part.ends.map((end) => end.reason)), new Set(["range"]));
});

test("between two prompted planes each plane is answered once, and the fronts meet", async () => {
  const { masks, ends, answer } = await run([first(3, 8)]);
  await answer;
  assert.deepEqual(planesOf(masks), span(2, 9));
  assert.equal(masks.length, 8);
  assert.equal(ends.filter((end) => end.reason === "next-prompt").length, 2);
});

test("a front that loses the object leaves the rest of the gap to the other one", async () => {
  // The object is blotted out on plane 4: the front from 3 stops there, the one from 8 comes down to 5.
  const broken = memoryVolume(shape, (_t, _c, z, y, x) => (z !== 4 && inFirst(z, y, x) ? 200 : 10));
  const { masks, ends, answer } = await run([first(3, 8)], "both", undefined, Infinity, "z", { ...scene, source: broken });
  await answer;
  assert.deepEqual(planesOf(masks), [2, 3, 5, 6, 7, 8, 9]);
  assert.equal(ends.filter((end) => end.index === 3 && end.direction === "forward")[0]!.reason, "empty");
});

test("forward from several prompts stops at the next one", async () => {
  const { masks, answer } = await run([first(3, 6)], "forward");
  await answer;
  assert.deepEqual(planesOf(masks), span(3, 9));
  assert.equal(masks.length, 7);
});

test("several objects in one run do not disturb each other", async () => {
  const { masks, answer } = await run([first(5), second]);
  await answer;
  assert.deepEqual(planesOf(masks, 1), span(2, 9));
  assert.deepEqual(planesOf(masks, 2), span(0, 13));
});

test("progress rises to its total", async () => {
  const { progress, answer } = await run([first(5), second]);
  await answer;
  assert.ok(progress.every((now, at) => at === 0 || now.done >= progress[at - 1]!.done));
  assert.deepEqual(progress.at(-1), { done: 28, total: 28, unit: "planes" });
});

test("cancelling keeps what arrived, and every front that had not ended says so", async () => {
  const { masks, ends, answer } = await run([second], "both", undefined, 4);
  await assert.rejects(answer, (thrown) => thrown instanceof MaskletError && thrown.code === "cancelled");
  assert.equal(masks.length, 4);
  assert.deepEqual(ends.map(({ direction, index, reason }) => [direction, index, reason]), [["backward", 6, "cancelled"], ["forward", 9, "cancelled"]]);
});

test("along t an object stays on its slice", async () => {
  const moving = memoryVolume({ t: 5, c: 1, z: 3, y: 40, x: 50 }, (t, _c, z, y, x) => (z === 1 && t < 4 && y >= 10 + t && y < 18 + t && x >= 10 && x < 20 ? 200 : 10));
  const object: PromptedObject = { objectId: 4, prompts: [{ cut: { axis: "z", index: 1, t: 2 }, parts: { box: [10, 12, 20, 20] } }] };
  const { masks, answer } = await run([object], "both", undefined, Infinity, "t", { ...scene, source: moving });
  await answer;
  assert.deepEqual(masks.map((mask) => [mask.t, mask.index, mask.axis, mask.box[1]]).sort(), [0, 1, 2, 3].map((t) => [t, 1, "z", 10 + t]));
});

test("prompts in different frames are followed along z each in its own frame", async () => {
  const two = memoryVolume({ ...shape, t: 2 }, (_t, _c, z, y, x) => (inFirst(z, y, x) ? 200 : 10));
  const object: PromptedObject = { objectId: 1, prompts: [0, 1].map((t) => ({ cut: { axis: "z", index: 5, t }, parts: { box: boxOn(5) } })) };
  const { masks, answer } = await run([object], "both", undefined, Infinity, "z", { ...scene, source: two });
  await answer;
  assert.equal(masks.length, 16);
  assert.deepEqual(new Set(masks.map((mask) => mask.t)), new Set([0, 1]));
});

const refusals: [string, PromptedObject, IndexRange | undefined, "z" | "t" | "y"][] = [
  ["prompt_off_axis", first(5), undefined, "y"],
  ["axis_unsupported", first(5), undefined, "t"],
  ["range_invalid", first(5), { start: 6, end: 9 }, "z"],
  ["range_invalid", first(5), { start: 5, end: 5 }, "z"],
  ["range_invalid", first(5), { start: 0, end: 15 }, "z"],
  ["object_unknown", { objectId: 9, prompts: [] }, undefined, "z"],
  ["plane_off_volume", first(14), undefined, "z"],
];
for (const [code, object, range, along] of refusals) {
  test(`refused with ${code} before anything is looked at: ${JSON.stringify([range, along])}`, async () => {
    const { masks, answer } = await run([object], "both", range, Infinity, along);
    await assert.rejects(answer, (thrown) => thrown instanceof MaskletError && thrown.code === code);
    assert.equal(masks.length, 0);
  });
}
