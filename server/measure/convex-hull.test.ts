import assert from "node:assert/strict";
import { test } from "node:test";
import { convexHullOf } from "./convex-hull.ts";
import type { HullMeasures } from "./convex-hull.ts";
import { packedRow } from "./slice-outlines.ts";

/** The hull of voxels `[z, y, x]`. */
function hullOf(voxels: readonly (readonly [number, number, number])[], spacing: readonly [number, number, number] = [1, 1, 1]): HullMeasures {
  const low = (axis: number): number => Math.min(...voxels.map((voxel) => voxel[axis]!));
  const high = (axis: number): number => Math.max(...voxels.map((voxel) => voxel[axis]!)) + 1;
  const box = { start: [low(0), low(1), low(2)], end: [high(0), high(1), high(2)] } as const;
  return convexHullOf((use) => voxels.forEach(([z, y, x]) => use(z, Uint32Array.of(y * packedRow + x))), box, spacing);
}

function near(ours: HullMeasures, expected: HullMeasures): void {
  assert.equal(ours.voxels, expected.voxels);
  assert.ok(Math.abs(ours.feret - expected.feret) < 1e-12, `Feret ${ours.feret}, expected ${expected.feret}`);
  assert.ok(Math.abs(ours.minFeret - expected.minFeret) < 1e-12, `smallest Feret ${ours.minFeret}, expected ${expected.minFeret}`);
}

test("the faces of one voxel span an octahedron", () => {
  near(hullOf([[3, 2, 1]]), { voxels: 1, feret: 1, minFeret: 1 / Math.sqrt(3) });
  near(hullOf([[0, 0, 0]], [3, 1, 1]), { voxels: 1, feret: 3, minFeret: 1 / Math.hypot(1 / 3, 1, 1) });
});

test("a row, and a row with a gap: the hull fills it", () => {
  near(hullOf([[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 0, 3]]), { voxels: 4, feret: 4, minFeret: Math.SQRT1_2 });
  near(hullOf([[0, 0, 0], [0, 0, 3]]), { voxels: 4, feret: 4, minFeret: Math.SQRT1_2 });
});

test("three arms from a corner: the voxels on the plane between their ends are in", () => {
  // All voxels with z + y + x <= 3: 1 + 3 + 6 + 10.
  const { voxels } = hullOf([[0, 0, 0], [3, 0, 0], [0, 3, 0], [0, 0, 3]]);
  // Those just beyond the plane, where the faces of the ends hold the hull half a voxel out, are not.
  assert.equal(voxels, 20);
});

test("slices far apart make one hull, the slices between included", () => {
  const { voxels, feret } = hullOf([[0, 0, 0], [10, 0, 0]], [2, 1, 1]);
  assert.deepEqual([voxels, feret], [11, 22]);
});
