import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { elongationOf, labelMoments } from "./label-moments.ts";
import type { Size3 } from "./size3.ts";

test("sums by hand, with positions counted from the origin", () => {
  assert.deepEqual([...labelMoments(Uint32Array.of(1, 0, 2, 0, 0, 2), [1, 2, 3], 2, [10, 20, 30])], [
    10, 20, 30, 100, 400, 900, 200, 300, 600,
    20, 41, 64, 200, 20 * 20 + 21 * 21, 2 * 32 * 32, 10 * 41, 10 * 64, 32 * 41,
  ]);
});

test("sums of the parts of a block add up to the whole's, exactly", () => {
  const random = seededRandom(2);
  const labels = Uint32Array.from({ length: 6 * 5 * 7 }, () => random.whole(0, 3));
  const whole = labelMoments(labels, [6, 5, 7], 3, [2000, 1000, 0]);
  const [low, high] = [labelMoments(labels.subarray(0, 70), [2, 5, 7], 3, [2000, 1000, 0]), labelMoments(labels.subarray(70), [4, 5, 7], 3, [2002, 1000, 0])];
  assert.deepEqual(low.map((value, at) => value + high[at]!), whole);
});

/** Elongation of the voxels whose centres lie in an ellipsoid with the given radii along turned axes. */
function ellipsoid(radii: Size3, axes: readonly Size3[], spacing: Size3 = [1, 1, 1]): number {
  const half = spacing.map((side) => Math.ceil(Math.max(...radii) / side) + 1);
  const size: Size3 = [2 * half[0]! + 1, 2 * half[1]! + 1, 2 * half[2]! + 1];
  const labels = new Uint32Array(size[0] * size[1] * size[2]);
  for (let z = 0, at = 0; z < size[0]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[2]; x++, at++) {
    const place = [(z - half[0]!) * spacing[0], (y - half[1]!) * spacing[1], (x - half[2]!) * spacing[2]];
    labels[at] = Number(axes.reduce((sum, axis, nth) => sum + (axis.reduce((dot, value, side) => dot + value * place[side]!, 0) / radii[nth]!) ** 2, 0) <= 1);
  }
  const voxels = labels.reduce((sum, value) => sum + value, 0);
  return elongationOf(voxels, labelMoments(labels, size, 1, [500, 700, 900]), spacing);
}

const straight = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const;
const turned = [[2 / 3, 2 / 3, 1 / 3], [-2 / 3, 1 / 3, 2 / 3], [1 / 3, -2 / 3, 2 / 3]] as const;

test("longest over middle radius of ellipsoids, straight, turned, and in voxels that are no cubes", () => {
  for (const [found, wanted] of [
    [ellipsoid([18, 9, 5], straight), 2], [ellipsoid([5, 18, 9], straight), 2], [ellipsoid([18, 9, 5], turned), 2], [ellipsoid([15, 15, 6], turned), 1],
    [ellipsoid([18, 12, 5], turned, [2, 1, 1.5]), 1.5],
  ] as const) assert.ok(Math.abs(found / wanted - 1) < 0.015, `${found} for ${wanted}`);
});

test("a single voxel is a cube, a row of n is n times as long as it is wide", () => {
  assert.ok(Math.abs(elongationOf(1, labelMoments(Uint32Array.of(1), [1, 1, 1], 1, [40, 50, 60]), [1, 1, 1]) - 1) < 1e-6);
  assert.ok(Math.abs(elongationOf(7, labelMoments(new Uint32Array(7).fill(1), [1, 7, 1], 1, [0, 0, 0]), [1, 1, 1]) - 7) < 1e-6);
});
