import assert from "node:assert/strict";
import { test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { matchAtHalf, oneToOne, scoresAt } from "./agreement.ts";
import { countContingency, type Contingency } from "./contingency.ts";
import { modesOf, perParticle } from "./per-particle.ts";

function tableOf(truth: ArrayLike<number>, prediction: ArrayLike<number>): Contingency {
  const count = countContingency();
  count.add(truth, prediction);
  return count.table();
}

const scores = (table: Contingency, threshold: number) => scoresAt(matchAtHalf(table), table.truths.ids.length - 1, table.predictions.ids.length - 1, threshold);
const modeDice = (table: Contingency): number => perParticle(table, modesOf(table)).dice;

// 1 is found but for a voxel, 2 and 3 are one blob, 4 is missed; prediction 9 meets nothing.
const truth = [1, 1, 1, 1, 0, 2, 2, 2, 3, 3, 0, 4, 0, 0];
const found = [7, 7, 7, 0, 0, 8, 8, 8, 8, 8, 0, 0, 9, 9];

test("the table counts every voxel once, by both labels", () => {
  const { truths, predictions, pairs } = tableOf(truth, found);
  assert.deepEqual([[...truths.ids], [...truths.voxels]], [[0, 1, 2, 3, 4], [4, 4, 3, 2, 1]]);
  assert.deepEqual([[...predictions.ids], [...predictions.voxels]], [[0, 7, 8, 9], [4, 3, 5, 2]]);
  assert.deepEqual([[...pairs.truth], [...pairs.prediction], [...pairs.voxels]], [[0, 0, 1, 1, 2, 3, 4], [0, 3, 0, 1, 2, 2, 0], [2, 2, 1, 3, 3, 2, 1]]);
});

test("scores at a threshold are counted one to one", () => {
  const table = tableOf(truth, found);
  assert.deepEqual(matchAtHalf(table), [{ truth: 1, prediction: 1, iou: 0.75, shared: 3 }, { truth: 2, prediction: 2, iou: 0.6, shared: 3 }]);
  assert.deepEqual(scores(table, 0.5), {
    threshold: 0.5, tp: 2, fp: 1, fn: 2, precision: 2 / 3, recall: 2 / 4, f1: 4 / 7, ap: 2 / 5,
    meanMatchedIou: 1.35 / 2, meanTrueIou: 1.35 / 4, pq: 2.7 / 7, sq: 1.35 / 2, rq: 4 / 7,
  });
  // 0.75 counts at 0.75, 0.6 does not.
  assert.equal(scores(table, 0.75).f1, 2 / 7);
  assert.equal(scores(table, 0.8).f1, 0);
});

test("per particle the most frequent prediction counts, whether another has it too or not", () => {
  assert.equal(modeDice(tableOf(truth, found)), (6 / 7 + 6 / 8 + 4 / 7 + 0) / 4);
  assert.equal(perParticle(tableOf(truth, found), modesOf(tableOf(truth, found))).unmatched, 1);
  // Of 5 and 6 with a voxel each the smaller id counts; ground does not, though it has more.
  assert.equal(modeDice(tableOf([1, 1, 1, 1, 1, 0, 0], [0, 0, 0, 6, 5, 5, 5])), 2 / (5 + 3));
});

test("thresholds are averaged from 0.5 to 0.95", () => {
  const { thresholds, mean } = oneToOne(tableOf(truth, found));
  assert.deepEqual(thresholds.map(({ threshold }) => threshold), [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]);
  // One match counts at 0.5 to 0.75, the other at 0.5 to 0.6.
  assert.ok(Math.abs(mean.f1 - (3 * (4 / 7) + 3 * (2 / 7)) / 10) < 1e-12);
});

test("a truth in two equal halves is matched once", () => {
  const halves = tableOf([1, 1, 1, 1], [3, 3, 2, 2]);
  assert.deepEqual(matchAtHalf(halves), [{ truth: 1, prediction: 1, iou: 0.5, shared: 2 }]);
  assert.equal(scores(halves, 0.55).tp, 0);
});

test("nothing against nothing is full agreement, something against nothing is none", () => {
  for (const [pair, score] of [[tableOf([0, 0], [0, 0]), 1], [tableOf([], []), 1], [tableOf([0, 0], [0, 4]), 0], [tableOf([0, 4], [0, 0]), 0]] as const) {
    const { f1, ap, pq, precision, recall, meanMatchedIou } = scores(pair, 0.5);
    assert.deepEqual([f1, ap, pq, precision, recall, meanMatchedIou, modeDice(pair)], Array(7).fill(score));
  }
});

test("blocks in any order give the table of the whole, and the names of labels do not matter", () => {
  const random = seededRandom(4);
  const a = Uint32Array.from({ length: 500 }, () => random.whole(0, 9));
  const b = a.map((label) => (random.uniform() < 0.2 ? random.whole(0, 9) : label));
  const whole = tableOf(a, b);
  const blocks = countContingency();
  for (const [start, end] of [[300, 500], [0, 7], [7, 300]] as const) blocks.add(a.subarray(start, end), b.subarray(start, end));
  assert.deepEqual(blocks.table(), whole);
  const renamed = tableOf(a, b.map((label) => (label === 0 ? 0 : 4_000_000_000 - label)));
  assert.deepEqual(oneToOne(renamed).mean.f1, oneToOne(whole).mean.f1);
  assert.ok(Math.abs(modeDice(renamed) - modeDice(whole)) < 1e-12);
});

test("sides of different lengths and thresholds below 0.5 are refused", () => {
  const refused = (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "shape_invalid";
  assert.throws(() => tableOf([1, 1], [1]), refused);
  assert.throws(() => scores(tableOf([1], [1]), 0.4), refused);
});
