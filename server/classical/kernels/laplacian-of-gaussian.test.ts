import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws } from "../../../test/neighbourhood-laws.ts";
import { laplacianOfGaussian } from "./laplacian-of-gaussian.ts";

test("nothing on a slope; twice the sum of the curvatures on a paraboloid", () => {
  const size = [21, 22, 23] as const;
  const at = (f: (z: number, y: number, x: number) => number) => Float32Array.from({ length: 21 * 22 * 23 }, (_, i) => f(Math.floor(i / 506) - 10, (Math.floor(i / 23) % 22) - 10, (i % 23) - 10));
  const middle = (10 * 22 + 10) * 23 + 10;
  assert.ok(Math.abs(laplacianOfGaussian(at((z, y, x) => 3 * z - 2 * y + x), size, 1.4)[middle]!) < 1e-4);
  // The taps are cut at 4 sigma, which leaves a tap for curvature of about 0.5 % too little, and nearly no sum.
  assert.ok(Math.abs(laplacianOfGaussian(at((z, y, x) => z * z - 2 * y * y + 3 * x * x), size, 1.4)[middle]! - 4) < 0.1);
});

test("negative on a bright sheet, positive beside it", () => {
  const values = Uint8Array.from({ length: 13 * 3 * 2 }, (_, at) => (Math.floor(at / 6) === 6 ? 200 : 0));
  const found = laplacianOfGaussian(values, [13, 3, 2], 1);
  const column = [0, 3, 4, 6, 8, 9, 12].map((z) => Math.sign(found[z * 6]!));
  assert.deepEqual(column, [0, 1, 1, -1, 1, 1, 0]);
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 6, exchangeTolerance: 1e-5, filter: (values, size) => laplacianOfGaussian(values, size, 1.4) });
});
