import assert from "node:assert/strict";
import test from "node:test";
import { createDisjointSets } from "./disjoint-sets.ts";
import { labelFacts } from "./label-facts.ts";
import { elongationOf, labelMoments } from "./label-moments.ts";
import { keepSummits } from "./summits.ts";
import { bestNodes } from "./threshold-tree.ts";
import type { TreeNode } from "./threshold-tree.ts";

test("the smallest member stands for a set, however it was joined and however many come later", () => {
  const sets = createDisjointSets();
  assert.equal(sets.add(3), 0);
  assert.equal(sets.add(5000), 3);
  sets.join(4000, 2);
  sets.join(4000, 17);
  sets.join(1, 17);
  assert.deepEqual([2, 17, 4000].map((at) => sets.root(at)), [1, 1, 1]);
  assert.deepEqual([sets.root(0), sets.size()], [0, 5003]);
});

test("voxels, first voxel and box of each label", () => {
  const labels = Uint32Array.from([
    0, 2, 2, 1,
    0, 0, 2, 0,

    0, 0, 0, 1,
    3, 0, 0, 1,
  ]);
  const { voxels, first, box } = labelFacts(labels, [2, 2, 4], 3);
  assert.deepEqual([[...voxels], [...first]], [[3, 3, 1], [3, 1, 12]]);
  assert.deepEqual([...box], [0, 0, 3, 2, 2, 4, 0, 0, 1, 1, 2, 3, 1, 1, 0, 2, 2, 1]);
});

test("elongation of bodies that can be computed by hand", () => {
  const [depth, height, width] = [3, 5, 12];
  const bar = new Uint32Array(depth * height * width).fill(1);
  const moments = labelMoments(bar, [depth, height, width], 1, [7, 100, 1000]);
  // A box has a variance of side squared / 12 along each axis.
  assert.ok(Math.abs(elongationOf(bar.length, moments, [1, 1, 1]) - 12 / 5) < 1e-6);
  assert.ok(Math.abs(elongationOf(bar.length, moments, [6, 1, 1]) - 18 / 12) < 1e-6);
  assert.equal(elongationOf(1, labelMoments(Uint32Array.from([1]), [1, 1, 1], 1, [2, 3, 4]), [1, 1, 1]), 1);
});

test("a summit is as high as all its neighbours, corners too; zeros are none", () => {
  assert.deepEqual([...keepSummits(Float32Array.from([0, 2, 1, 0, 0, 3, 3, 0, 0]), [1, 3, 3])], [0, 0, 0, 0, 0, 1, 1, 0, 0]);
});

/** Two branches that join at the second threshold; volumes fall as thresholds rise. */
const nodes: TreeNode[] = [
  { level: 0, parent: -1, voxels: 100, first: 0, elongation: 3, compactness: 0.1 },
  { level: 1, parent: 0, voxels: 40, first: 0, elongation: 2, compactness: 0.3 },
  { level: 1, parent: 0, voxels: 30, first: 50, elongation: 1.5, compactness: 0.6 },
  { level: 2, parent: 1, voxels: 38, first: 2, elongation: 1.9, compactness: 0.4 },
  { level: 2, parent: 2, voxels: 12, first: 52, elongation: 1.2, compactness: 0.7 },
  { level: 3, parent: 3, voxels: 10, first: 3, elongation: 2.5, compactness: 0.2 },
];

test("each branch gives its best component", () => {
  const choose = (criterion: "volume" | "elongation" | "compactness" | "mser", minVolume = 1, maxVolume = Infinity): number[] => bestNodes(nodes, { criterion, minVolume, maxVolume }).sort();
  assert.deepEqual(choose("volume"), [1, 2]);
  assert.deepEqual(choose("elongation"), [3, 4]);
  assert.deepEqual(choose("compactness"), [3, 4]);
  assert.deepEqual(choose("mser"), [1, 2], "40 to 38 is the least change of the first branch; of two changes alike the lower threshold, where it is less of the volume");
  assert.deepEqual(choose("volume", 35), [0], "without the second branch the first goes down to the bottom");
  assert.deepEqual(choose("volume", 11, 39), [2, 3]);
  assert.deepEqual(choose("volume", 200), []);
});
