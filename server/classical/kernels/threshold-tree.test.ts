import assert from "node:assert/strict";
import test from "node:test";
import { bestNodes } from "./threshold-tree.ts";
import type { TreeChoice, TreeNode } from "./threshold-tree.ts";

/** `[level, parent, voxels, elongation, compactness]` */
function tree(...nodes: readonly (readonly number[])[]): TreeNode[] {
  return nodes.map(([level, parent, voxels, elongation = 1, compactness = 0.5], first) => ({ level: level!, parent: parent!, voxels: voxels!, first, elongation, compactness }));
}

const best = (nodes: readonly TreeNode[], criterion: TreeChoice["criterion"], minVolume = 1, maxVolume = Infinity): number[] => bestNodes(nodes, { criterion, minVolume, maxVolume });

/** A trunk of two that forks at level 2; the right branch goes on for three thresholds. */
const fork = tree(
  [0, -1, 1000, 3, 0.1], [1, 0, 900, 3, 0.2],
  [2, 1, 300, 1.5, 0.4], [2, 1, 400, 2.5, 0.6],
  [3, 2, 100, 1.1, 0.3], [3, 3, 390, 1.2, 0.5],
  [4, 5, 380, 1.8, 0.7],
);

test("each branch gives its best, by each criterion; the trunk below a fork gives none", () => {
  assert.deepEqual(best(fork, "volume"), [2, 3]);
  assert.deepEqual(best(fork, "elongation"), [4, 5]);
  assert.deepEqual(best(fork, "compactness"), [2, 6]);
  // Left: 200 / 300 once, doubled, against 200 / 100 doubled. Right: 20 / 380, 20 / 390, 20 / 400: at both ends the one step counts double.
  assert.deepEqual(best(fork, "mser"), [2, 3]);
});

test("a chain is one branch down to the first threshold", () => {
  const chain = tree([0, -1, 900, 2, 0.1], [1, 0, 500, 1.5, 0.3], [2, 1, 490, 1.2, 0.2], [3, 2, 480, 1.4, 0.2], [4, 3, 50, 1.3, 0.2]);
  assert.deepEqual([best(chain, "volume"), best(chain, "elongation"), best(chain, "compactness"), best(chain, "mser")], [[0], [2], [1], [2]]);
  assert.deepEqual(best(tree([0, -1, 7]), "mser"), [0]);
  assert.deepEqual(best([], "mser"), []);
});

test("of equally good ones the one at the highest threshold", () => {
  const same = tree([0, -1, 50], [1, 0, 50], [2, 1, 50]);
  for (const criterion of ["volume", "elongation", "compactness", "mser"] as const) assert.deepEqual(best(same, criterion), [2]);
});

test("components beyond the limits are as if they were not there", () => {
  assert.deepEqual(best(fork, "volume", 1, 950), [2, 3], "the trunk is cut off, which changes nothing");
  assert.deepEqual(best(fork, "volume", 350), [0], "without the left branch there is no fork");
  assert.deepEqual(best(fork, "volume", 350, 899), [3]);
  assert.deepEqual(best(fork, "volume", 5000), []);
  assert.deepEqual(best(fork, "volume", 1, 350), [2], "a branch whose own components are all too large gives none");
});

test("chosen components have no voxel in common", () => {
  const deep = tree([0, -1, 100], [1, 0, 60], [1, 0, 30], [2, 1, 20], [2, 1, 25], [3, 4, 20], [3, 2, 10]);
  for (const criterion of ["volume", "elongation", "compactness", "mser"] as const) {
    const chosen = best(deep, criterion);
    assert.equal(chosen.length, 3);
    for (const node of chosen) for (let at = deep[node]!.parent; at >= 0; at = deep[at]!.parent) assert.ok(!chosen.includes(at));
  }
});
