import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { packMask } from "#protocol/mask.ts";
import type { Mask, PixelBox } from "#protocol/types.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { thresholdTrackers } from "../contracts/threshold-tracker.ts";
import { arraySource } from "./array-source.ts";
import { diceOf } from "./masklet-errors.ts";
import { faultOf } from "./masklet-faults.ts";
import { judgeScene } from "./masklet-judging.ts";
import { chooseObjects } from "./masklet-objects.ts";
import { scoresOf, writeScores, type Scores } from "./masklet-scores.ts";
import { addCorrection, startTrial } from "./masklet-trial.ts";
import { wholeReader } from "./quality-scenes.ts";

const size: Size3 = [18, 80, 100];
const at = (z: number, y: number, x: number): number => (z * size[1] + y) * size[2] + x;

// Object 1, 10 x 10, can be seen on all of its slices 3..12. Object 2, 8 x 8 on slices 1..16, cannot be seen on slices 9..12, on which it is
// 6 x 6: who follows it from slice 8 loses it there. Views are smoothed, which costs corners and blurs ends by a slice.
const truth = new Uint16Array(size[0] * size[1] * size[2]);
const grey = new Uint8Array(truth.length).fill(20);
function fill(id: number, z0: number, z1: number, y0: number, x0: number, side: number, value: number): void {
  for (let z = z0; z < z1; z++) for (let y = y0; y < y0 + side; y++) for (let x = x0; x < x0 + side; x++) [truth[at(z, y, x)], grey[at(z, y, x)]] = [id, value];
}
fill(1, 3, 13, 20, 20, 10, 200);
fill(2, 1, 9, 50, 60, 8, 200);
fill(2, 9, 13, 51, 61, 6, 20);
fill(2, 13, 17, 50, 60, 8, 200);
const source = arraySource({ name: "squares", voxels: grey, size });
const volume = { voxels: grey, truth, size };
const [first, second] = chooseObjects(truth, size, 9, 1).chosen;

/** A rectangle on one slice. */
function mask(z: number, box: PixelBox): Mask {
  return { objectId: 1, axis: "z", index: z, t: 0, c: 0, score: 1, ...packMask({ box, data: new Uint8Array((box[2] - box[0]) * (box[3] - box[1])).fill(1) }) };
}
const masks = (from: number, to: number, box: PixelBox = [20, 20, 30, 30]): Map<number, Mask> => new Map(Array.from({ length: to - from }, (_, nth) => [from + nth, mask(from + nth, box)]));

test("what the product finds of each object, slice by slice, is what is judged; a correction is followed on from where it was made", async () => {
  const { byModel, choice } = await judgeScene({ name: "squares", kind: "squares", source, reader: wholeReader(source), truth }, thresholdTrackers(), ["threshold"], 9, 1, 5);
  assert.deepEqual([choice.all, choice.small, choice.cut, choice.chosen.length], [2, 0, 0, 2]);
  const [one, two] = byModel.get("threshold")!.masklets;
  const near = (dice: number, expected: number): void => assert.ok(Math.abs(dice - expected) < 0.06, `${dice} is not about ${expected}`);
  for (const dice of [one!.box, one!.click, ...one!.corrected]) near(dice, 1);
  // From its middle slice, 8, eight slices of 64 pixels of 12 are found, and four more from the first click.
  const all = 12 * 64 + 4 * 36;
  assert.equal(two!.object.middle, 8);
  for (const dice of [two!.box, two!.click, two!.corrected[0]!]) near(dice, (2 * 8 * 64) / (8 * 64 + all));
  // What is blurred counts as well.
  near(two!.corrected[1]!, (2 * (12 * 64 + 2 * 36)) / (14 * 64 + 2 * 64 + all));
  assert.deepEqual([two!.fault, two!.ends.find(({ direction }) => direction === "forward")!.reason], ["ended early", "empty"]);
  assert.ok(Math.max(...two!.masks.keys()) < 12, "what corrections found is no part of what one box gave");
  assert.deepEqual([two!.look.contrast, two!.look.crowded, two!.look.slices], [Infinity, 0, 16]);
});

test("what was not found, ends too early, runs on or is beside counts against a masklet", () => {
  assert.equal(diceOf(first!, new Map()), 0);
  assert.equal(diceOf(first!, masks(3, 13)), 1);
  assert.equal(diceOf(first!, masks(3, 8)), (2 * 500) / 1500);
  assert.equal(diceOf(first!, masks(3, 18)), (2 * 1000) / 2500);
  assert.equal(diceOf(first!, masks(3, 13, [20, 20, 40, 30])), (2 * 1000) / 3000);
  assert.equal(diceOf(first!, masks(3, 13, [60, 60, 70, 70])), 0);
});

test("faults are named by where most wrong voxels are", () => {
  const fault = (found: ReadonlyMap<number, Mask>): string => faultOf(first!, found, volume);
  assert.equal(fault(new Map()), "lost");
  assert.equal(fault(masks(3, 13, [60, 60, 70, 70])), "lost");
  assert.equal(fault(masks(5, 9)), "ended early");
  assert.equal(fault(masks(3, 13, [20, 20, 25, 30])), "thin");
  assert.equal(fault(masks(3, 18)), "ran on");
  assert.equal(fault(masks(3, 13, [20, 20, 40, 30])), "leaked");
  assert.equal(fault(new Map([...masks(3, 13), [2, mask(2, [60, 50, 68, 58])], [13, mask(13, [60, 50, 68, 58])]])), "wrong object");
});

test("a click falls into the largest wrong region of the worst slice, beside the outline there, and not twice on one pixel", () => {
  const plane = { width: size[2], height: size[1] };
  const trial = startTrial(first!, { box: [20, 20, 30, 30] });
  for (const [z, found] of masks(3, 12)) trial.masks.set(z, found);
  // 9 x 12 too much on slice 5, which is more than the 100 that are missed on slice 12.
  trial.masks.set(5, mask(5, [20, 20, 39, 32]));
  const { masks: outlines } = trial;
  assert.equal(addCorrection(trial, plane), 5);
  assert.deepEqual(trial.prompts.get(5), { mask: { box: outlines.get(5)!.box, bits: outlines.get(5)!.bits }, points: [[34.5, 24.5, 0]] });
  assert.equal(addCorrection(trial, plane), 5);
  assert.notDeepEqual(trial.prompts.get(5)!.points![1], trial.prompts.get(5)!.points![0]);
  trial.masks.set(5, mask(5, [20, 20, 30, 30]));
  // Nothing was found on slice 12: the click stands alone.
  assert.equal(addCorrection(trial, plane), 12);
  assert.deepEqual(trial.prompts.get(12), { points: [[24.5, 24.5, 1]] });
  trial.masks.set(12, mask(12, [20, 20, 30, 30]));
  assert.equal(addCorrection(trial, plane), undefined);
});

test("a click on a prompted slice stands beside its prompt", () => {
  const trial = startTrial(second!, { box: [60, 50, 68, 58] });
  trial.masks.set(8, mask(8, [60, 50, 90, 58]));
  assert.equal(addCorrection(trial, { width: size[2], height: size[1] }), 8);
  assert.deepEqual(trial.prompts.get(8), { box: [60, 50, 68, 58], points: [[71.5, 53.5, 0]] });
});

test("scores are means over objects, and over groups whatever they hold", () => {
  const masklet = (box: number, click: number) => ({ object: first!, masks: new Map(), ends: [], fault: "thin", look: { voxels: 0, slices: 0, diameter: 0, contrast: 0, crowded: 0 }, box, click, corrected: [box, 1, 1, 1, 1, 1] }) as const;
  const group = (name: string, ...masklets: ReturnType<typeof masklet>[]) => ({ name, scenes: [{ name, kind: name, recipe: [], choice: { chosen: [], all: 0, small: 0, cut: 0 }, byModel: new Map([["m", { masklets, pace: { ms: 1, slices: 1 } }]]) }] });
  const scores = scoresOf([group("a", masklet(0.5, 0.1), masklet(1, 0.3)), group("b", masklet(0.25, 0.35)), group("none")], [{ id: "m", sha256: "00" }]);
  assert.match(scores.asked, /^[0-9a-f]{16}$/);
  assert.match(scores.made, /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual(scores.models, { m: { sha256: "00", mean: 0.5, groups: {
    a: { objects: 2, box: 0.75, click: 0.2, corrections: [0.75, 1, 1, 1, 1, 1] }, b: { objects: 1, box: 0.25, click: 0.35, corrections: [0.25, 1, 1, 1, 1, 1] },
  } } });
});

test("a file of scores keeps models that were asked the same, and no others", () => {
  const folder = mkdtempSync(join(tmpdir(), "masklet-scores-"));
  const file = join(folder, "scores.json");
  const scores = (asked: string, id: string): Scores => ({ made: "2026-01-01", asked, models: { [id]: { sha256: id, groups: {}, mean: 0.5 } } });
  const ids = (): string[] => Object.keys(JSON.parse(readFileSync(file, "utf8")).models);
  try {
    assert.deepEqual(writeScores(file, scores("a", "one")), []);
    assert.deepEqual(writeScores(file, scores("a", "two")), ["one"]);
    assert.deepEqual(ids(), ["one", "two"]);
    assert.deepEqual(writeScores(file, scores("a", "two")), ["one"]);
    assert.deepEqual(writeScores(file, scores("b", "two")), []);
    assert.deepEqual(ids(), ["two"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
