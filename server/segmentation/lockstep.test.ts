import assert from "node:assert/strict";
import test from "node:test";
import { limits } from "#protocol/limits.ts";
import type { Cut, Direction, End, IndexRange, Mask, PromptParts } from "#protocol/types.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import { watchedTrackers } from "../../test/contracts/watched-trackers.ts";
import type { PromptedObject, Scene } from "./contract.ts";
import { checkRun, propagate } from "./propagate.ts";

// Bars of 4 x 4 pixels through a 16 x 60 x 60 volume, numbered from 1, nine to a row; a plane of it is one window.
const shape = { t: 1, c: 1, z: 16, y: 60, x: 60 };
const corner = (id: number): [number, number] => [2 + 6 * ((id - 1) % 9), 2 + 6 * Math.floor((id - 1) / 9)];
const isBar = (y: number, x: number): boolean => y >= 2 && x >= 2 && (y - 2) % 6 < 4 && (x - 2) % 6 < 4 && x < 56;
const boxOf = (id: number): PromptParts => ({ box: [corner(id)[0], corner(id)[1], corner(id)[0] + 4, corner(id)[1] + 4] });
const bar = (id: number, ...planes: number[]): PromptedObject => ({ objectId: id, prompts: planes.map((z) => ({ cut: { axis: "z", index: z }, parts: boxOf(id) })) });

interface Options {
  readonly direction?: Direction;
  readonly range?: IndexRange;
  /** Planes on which a bar is not there. */
  readonly holes?: readonly (readonly [id: number, z: number])[];
}

async function follow(objects: PromptedObject[], { direction = "both", range, holes = [] }: Options = {}) {
  const gone = (z: number, y: number, x: number): boolean => holes.some(([id, at]) => {
    const [u, v] = corner(id);
    return z === at && x >= u && x < u + 4 && y >= v && y < v + 4;
  });
  const volume = memoryVolume(shape, (_t, _c, z, y, x) => (isBar(y, x) && !gone(z, y, x) ? 200 : 10));
  const trackers = watchedTrackers(thresholdTrackers());
  const scene: Scene = { source: volume, view: { range: [0, 255], invert: false, sigma: 0 }, trackers, model: "threshold", window: "object" };
  const masks: Mask[] = [];
  const ends: End[] = [];
  await propagate(scene, { objects, along: "z", range, direction }, { onMask: (mask) => void masks.push(mask), onEnd: (end) => void ends.push(end) });
  return { masks, ends, trackers, reads: volume.reads };
}

const planesOf = (masks: readonly Mask[], id: number): number[] => masks.filter(({ objectId }) => objectId === id).map(({ index }) => index).sort((a, b) => a - b);
const sorted = (masks: readonly Mask[], id: number): Mask[] => masks.filter(({ objectId }) => objectId === id).sort((a, b) => a.index - b.index);
const all = Array.from({ length: 16 }, (_, z) => z);

test("k objects in one window cost one encoder run a plane, and one reading of it", async () => {
  const one = await follow([bar(1, 6)]);
  const eight = await follow([1, 5, 12, 20, 33, 40, 54, 60].map((id) => bar(id, 6)));
  assert.equal(eight.masks.length, 8 * 16);
  assert.equal(one.trackers.encoderRuns(), 16);
  assert.equal(eight.trackers.encoderRuns(), 16);
  assert.equal(eight.reads.length, 16);
});

test("objects prompted on different planes share the planes that their fronts share", async () => {
  const { masks, trackers } = await follow([bar(1, 3), bar(5, 8), bar(12, 8), bar(20, 12)]);
  assert.equal(masks.length, 4 * 16);
  // Prompted planes 3, 8, 12; forward 4..15; backward 11..0.
  assert.equal(trackers.encoderRuns(), 3 + 12 + 12);
});

test("what is found of an object does not depend on which others are followed", async () => {
  const holes = [[1, 9], [5, 2], [12, 11], [20, 4], [20, 5]] as const;
  const objects = [bar(1, 2, 12), bar(5, 8), bar(12, 0, 15), bar(20, 3, 7, 8), bar(33, 15)];
  const together = await follow(objects, { holes });
  for (const object of objects) {
    const alone = await follow([object], { holes });
    assert.deepEqual(sorted(together.masks, object.objectId), sorted(alone.masks, object.objectId), `object ${object.objectId}`);
    const endsOf = (ends: readonly End[]): string[] => ends.filter(({ objectId }) => objectId === object.objectId).map((end) => JSON.stringify(end)).sort();
    assert.deepEqual(endsOf(together.ends), endsOf(alone.ends));
  }
});

test("a front that waited for its opposite goes on where it was, though others of its lane walked in between", async () => {
  // The upper front of the first gap ends at once, on plane 8; by then the lower front of the second gap has been walked.
  const { masks, ends } = await follow([bar(1, 2, 9, 15)], { holes: [[1, 8]] });
  assert.deepEqual(planesOf(masks, 1), all.filter((z) => z !== 8));
  assert.equal(masks.length, 15);
  assert.deepEqual(ends.filter(({ reason }) => reason === "empty").map(({ direction, index }) => [direction, index]).sort(), [["backward", 9], ["forward", 7]]);
});

test("at most so many trackers are open at once, and later objects are found as well", async () => {
  const many = Array.from({ length: limits.maxTrackersAtOnce + 3 }, (_, at) => bar(at + 1, 6));
  const { masks, trackers } = await follow(many);
  assert.equal(masks.length, many.length * 16);
  assert.equal(trackers.mostOpen(), limits.maxTrackersAtOnce);
  assert.equal(trackers.encoderRuns(), 2 * 16);
});

test("prompted planes outside the range are looked at for what they say, and not answered", async () => {
  const { masks, trackers } = await follow([bar(1, 1, 6, 13)], { range: { start: 4, end: 10 } });
  assert.deepEqual(planesOf(masks, 1), [4, 5, 6, 7, 8, 9]);
  assert.deepEqual([...new Set(trackers.asked.map(({ index }) => index))].sort((a, b) => a - b), [1, 4, 5, 6, 7, 8, 9, 13]);
});

const cut = (index: number): Cut => ({ axis: "z", index });

test("continuing walks the gaps beside what was edited, and finds there what a full run finds", async () => {
  const holes = [[1, 4], [1, 11]] as const;
  const object = bar(1, 2, 7, 13);
  const full = sorted((await follow([object], { holes })).masks, 1);
  const cases: [string, Cut[], number[]][] = [
    ["the one in the middle was set", [cut(7)], [3, 5, 6, 7, 8, 9, 10, 12]],
    ["one between 7 and 13 was removed", [cut(9)], [8, 9, 10, 12]],
    ["the first was set", [cut(2)], [0, 1, 2, 3, 5, 6]],
    ["one beyond the last was removed", [cut(15)], [14, 15]],
    ["prompts in another frame and along another axis", [{ ...cut(7), t: 1 }, { axis: "y", index: 7 }], []],
  ];
  for (const [what, edited, planes] of cases) {
    const { masks } = await follow([{ ...object, edited }], { holes });
    assert.deepEqual(sorted(masks, 1), full.filter(({ index }) => planes.includes(index)), what);
  }
});

test("a run says before it starts which planes it answers for", () => {
  const request = (edited: Cut[] | undefined) => ({ objects: [{ ...bar(1, 2, 7), edited }], along: "z" as const, direction: "both" as const });
  const spans = (edited: Cut[] | undefined): number[][] => checkRun(shape, request(edited)).map(({ start, end }) => [start, end]).sort((a, b) => a[0]! - b[0]!);
  assert.deepEqual(spans(undefined), [[0, 2], [2, 3], [3, 7], [7, 8], [8, 16]]);
  assert.deepEqual(spans([cut(7)]), [[3, 7], [7, 8], [8, 16]]);
  assert.deepEqual(spans([cut(4)]), [[3, 7]]);
  assert.deepEqual(spans([]), []);
});
