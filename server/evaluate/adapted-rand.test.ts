import assert from "node:assert/strict";
import test from "node:test";
import { adaptedRand } from "./adapted-rand.ts";
import { countContingency } from "./contingency.ts";

function scores(pairs: readonly (readonly [truth: number, prediction: number, voxels: number])[]): ReturnType<typeof adaptedRand> {
  const count = countContingency();
  for (const [truth, prediction, voxels] of pairs) count.addPair(count.truths.of(truth), count.predictions.of(prediction), voxels);
  return adaptedRand(count.table());
}

test("pairs of voxels of true objects, without those of a voxel with itself", () => {
  // Object 1 in parts of 3 and 1 voxels, of which one lies in predicted ground: 6 of its 12 pairs are together; ground's 50 voxels do not count.
  assert.deepEqual(scores([[0, 0, 40], [0, 5, 10], [1, 5, 3], [1, 0, 1]]), { error: 1 - 12 / 18, precision: 1, recall: 0.5 });
});

test("sums beyond 2^53 are exact", () => {
  const half = 3_000_000_001;
  // One voxel of 6,000,000,002 is elsewhere: the error is some 1.7e-10, which sums in float64 would miss.
  const { error, recall } = scores([[1, 1, 2 * half - 1], [1, 2, 1]]);
  assert.ok(Math.abs(recall - (1 - 1 / half)) < 1e-15, `${recall}`);
  assert.ok(Math.abs(error / (1 / (2 * half)) - 1) < 1e-5, `${error}`);
  assert.equal(scores([[1, 9, 2 ** 40], [2, 8, 7]]).error, 0);
});

test("objects of one voxel have no pairs to be wrong about", () => {
  assert.deepEqual(scores([[1, 4, 1], [2, 3, 1]]), { error: 0, precision: 1, recall: 1 });
});
