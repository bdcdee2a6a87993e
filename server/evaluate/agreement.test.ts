import assert from "node:assert/strict";
import { test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { apAt, f1At, matchAt, meanOver, pqAt, thesisDice, usualThresholds } from "./agreement.ts";
import { countContingency, type Contingency } from "./contingency.ts";

function tableOf(truth: ArrayLike<number>, prediction: ArrayLike<number>): Contingency {
  const count = countContingency();
  count.add(truth, prediction);
  return count.table();
}

// 1 is found but for a voxel, 2 and 3 are one blob, 4 is missed; prediction 9 meets nothing.
const truth = [1, 1, 1, 1, 0, 2, 2, 2, 3, 3, 0, 4, 0, 0];
const found = [7, 7, 7, 0, 0, 8, 8, 8, 8, 8, 0, 0, 9, 9];

test("the table counts every voxel once, by both labels", () => {
  const { truths, predictions, shared } = tableOf(truth, found);
  assert.deepEqual([...truths], [[1, 4], [0, 4], [2, 3], [3, 2], [4, 1]]);
  assert.deepEqual([...predictions].sort(([a], [b]) => a - b), [[0, 4], [7, 3], [8, 5], [9, 2]]);
  assert.deepEqual([...shared.get(1)!], [[7, 3], [0, 1]]);
  assert.equal(shared.get(4)!.get(0), 1);
});

test("scores at a threshold are counted one to one", () => {
  const table = tableOf(truth, found);
  assert.deepEqual(matchAt(table, 0.5), { truths: 4, predictions: 3, matches: [{ truth: 1, prediction: 7, iou: 0.75 }, { truth: 2, prediction: 8, iou: 0.6 }] });
  assert.equal(f1At(table, 0.5), 4 / 7);
  assert.equal(apAt(table, 0.5), 2 / 5);
  assert.equal(pqAt(table, 0.5), (0.75 + 0.6) / (2 + 0.5 + 1));
  // 0.75 counts at 0.75, 0.6 does not.
  assert.equal(f1At(table, 0.75), 2 / 7);
  assert.equal(f1At(table, 0.8), 0);
});

test("the thesis' Dice takes the most frequent prediction, whether another has it too or not", () => {
  assert.equal(thesisDice(tableOf(truth, found)), (6 / 7 + 6 / 8 + 4 / 7 + 0) / 4);
  // Of 5 and 6 with a voxel each the smaller id counts; ground does not, though it has more.
  assert.equal(thesisDice(tableOf([1, 1, 1, 1, 1, 0, 0], [0, 0, 0, 6, 5, 5, 5])), 2 / (5 + 3));
});

test("thresholds are averaged from 0.5 to 0.95", () => {
  assert.deepEqual(usualThresholds, [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]);
  // One match counts at 0.5 to 0.75, the other at 0.5 to 0.6.
  assert.ok(Math.abs(meanOver(tableOf(truth, found), f1At) - (3 * (4 / 7) + 3 * (2 / 7)) / 10) < 1e-12);
});

test("a truth in two equal halves is matched once", () => {
  const halves = tableOf([1, 1, 1, 1], [3, 3, 2, 2]);
  assert.deepEqual(matchAt(halves, 0.5).matches, [{ truth: 1, prediction: 2, iou: 0.5 }]);
  assert.deepEqual(matchAt(halves, 0.55).matches, []);
});

test("nothing against nothing is full agreement, something against nothing is none", () => {
  for (const [pair, score] of [[tableOf([0, 0], [0, 0]), 1], [tableOf([], []), 1], [tableOf([0, 0], [0, 4]), 0], [tableOf([0, 4], [0, 0]), 0]] as const) {
    for (const measure of [f1At, apAt, pqAt]) assert.equal(measure(pair, 0.5), score);
    assert.equal(thesisDice(pair), score);
  }
});

test("blocks in any order give the table of the whole, and the names of labels do not matter", () => {
  const random = seededRandom(4);
  const a = Uint32Array.from({ length: 500 }, () => random.whole(0, 9));
  const b = a.map((label) => (random.uniform() < 0.2 ? random.whole(0, 9) : label));
  const whole = tableOf(a, b);
  const blocks = countContingency();
  for (const [start, end] of [[300, 500], [0, 7], [7, 300]] as const) blocks.add(a.subarray(start, end), b.subarray(start, end));
  const renamed = tableOf(a, b.map((label) => (label === 0 ? 0 : 4_000_000_000 - label)));
  for (const other of [blocks.table(), renamed]) {
    for (const score of [f1At, apAt, pqAt]) for (const threshold of usualThresholds) assert.ok(Math.abs(score(other, threshold) - score(whole, threshold)) < 1e-12);
    assert.ok(Math.abs(thesisDice(other) - thesisDice(whole)) < 1e-12);
  }
});

test("sides of different lengths and thresholds below 0.5 are refused", () => {
  const refused = (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "shape_invalid";
  assert.throws(() => tableOf([1, 1], [1]), refused);
  assert.throws(() => f1At(tableOf([1], [1]), 0.4), refused);
});
