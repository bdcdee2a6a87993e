import assert from "node:assert/strict";
import { test } from "node:test";
import type { Triple } from "#server/volumes/label-reader.ts";
import { croftonWeights, directionClasses } from "./crofton.ts";

const lengthOf = (steps: readonly number[], spacing: Triple): number => Math.hypot(...steps.map((step, axis) => step * spacing[axis]!));
/** The part of the sphere that a direction and its opposite stand for. */
const parts = (spacing: Triple): number[] => croftonWeights(spacing).map((weight, nth) => (weight * lengthOf(directionClasses[nth]!.steps, spacing)) / (2 * spacing[0] * spacing[1] * spacing[2]));

test("on equal sides the directions stand for the parts of the sphere that Lehmann and Legland state", () => {
  const stated = [0.04577789120476, 0.04577789120476, 0.04577789120476, 0.03698062787608, 0.03698062787608, 0.03698062787608, 0.03519563978232];
  for (const [nth, part] of parts([1, 1, 1]).entries()) assert.ok(Math.abs(part / 2 - stated[nth]!) < 1e-12);
});

test("on any sides all directions together stand for the whole sphere, and a longer unit only for more of it", () => {
  for (const spacing of [[1, 1, 1], [5, 4, 3], [0.3, 0.05, 0.05], [100, 1, 7]] as const) {
    const whole = parts(spacing).reduce((sum, part, nth) => sum + part * directionClasses[nth]!.directions, 0);
    assert.ok(Math.abs(whole - 1) < 1e-9, `${spacing.join(" x ")}: ${whole}`);
    const larger = croftonWeights([10 * spacing[0], 10 * spacing[1], 10 * spacing[2]]);
    for (const [nth, weight] of croftonWeights(spacing).entries()) assert.ok(Math.abs(larger[nth]! / weight - 100) < 1e-9);
  }
});

test("a large flat face has its area whichever way it looks", () => {
  // Pairs across a face along z: each direction with a step along z crosses it once in every column.
  for (const spacing of [[1, 1, 1], [2.5, 1.2, 0.7]] as const) {
    const weights = croftonWeights(spacing);
    for (const axis of [0, 1, 2] as const) {
      const area = directionClasses.reduce((sum, { steps, directions }, nth) => sum + (steps[axis] === 1 ? directions * weights[nth]! : 0), 0);
      const face = (spacing[0] * spacing[1] * spacing[2]) / spacing[axis];
      // 13 directions leave an error of some percent for a single plane, the more the less equal the sides are.
      assert.ok(Math.abs(area / face - 1) < (spacing[0] === 1 ? 0.1 : 0.25), `${axis}: ${area / face}`);
    }
  }
});
