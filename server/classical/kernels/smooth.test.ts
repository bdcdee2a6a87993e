import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws, seededVoxels } from "../../../test/neighbourhood-laws.ts";
import { gaussianDerivativeTaps, smoothRadius } from "./gaussian-derivative-taps.ts";
import { gaussianSmooth } from "./smooth.ts";

const close = (found: Iterable<number>, expected: readonly number[]) => [...found].forEach((value, at) => assert.ok(Math.abs(value - expected[at]!) < 1e-6, `${value} for ${expected[at]}`));

test("taps: cut at 4 sigma, the Gaussian's sum is 1, its slope's 0, and slopes and curvatures of a parabola come out", () => {
  assert.deepEqual([0, 0.1, 0.13, 1, 1.4].map(smoothRadius), [0, 0, 1, 4, 6]);
  const [smooth, slope, bend] = ([0, 1, 2] as const).map((order) => gaussianDerivativeTaps(1.4, order));
  const applied = (taps: Float64Array, f: (place: number) => number) => taps.reduce((sum, tap, at) => sum + tap * f(at - 6), 0);
  assert.ok(Math.abs(applied(smooth!, () => 1) - 1) < 1e-12);
  assert.ok(Math.abs(applied(slope!, () => 1)) < 1e-12);
  // Cut and sampled, so only nearly.
  assert.ok(Math.abs(applied(slope!, (x) => 3 * x) - 3) < 2e-3);
  assert.ok(Math.abs(applied(bend!, (x) => x * x) - 2) < 2e-2);
  assert.deepEqual([...gaussianDerivativeTaps(0, 0)], [1]);
  assert.deepEqual([...gaussianDerivativeTaps(0, 1)], [-0.5, 0, 0.5]);
});

test("a point becomes the Gaussian along the axes that have a sigma", () => {
  const values = new Uint8Array(3 * 2 * 5);
  values[(1 * 2 + 1) * 5 + 2] = 100;
  const [a, b] = [Math.exp(-0.5 / 0.16), Math.exp(-2 / 0.16)];
  const sum = 1 + 2 * a + 2 * b;
  const row = [b, a, 1, a, b].map((tap) => (100 * tap) / sum);
  close(gaussianSmooth(values, [3, 2, 5], [0, 0, 0.4]), [...Array(15).fill(0), ...row, ...Array(10).fill(0)]);
});

test("a constant volume stays, whatever its kind and border", () => {
  for (const border of ["replicate", "reflect", "wrap", "constant"] as const) close(gaussianSmooth(new Uint16Array(2 * 3 * 4).fill(7), [2, 3, 4], 1.5, border, 7), Array(24).fill(7));
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 4, exchangeTolerance: 1e-6, filter: (values, size) => gaussianSmooth(values, size, 1) });
});

test("a plane too wide for one strip is the same", () => {
  const [height, width] = [700, 900];
  const values = seededVoxels(3, "float32", height * width);
  const whole = gaussianSmooth(values, [1, height, width], 2);
  const rows = gaussianSmooth(values.subarray(300 * width, 360 * width), [1, 60, width], 2);
  assert.deepEqual(rows.subarray(10 * width, 50 * width), whole.subarray(310 * width, 350 * width));
});
