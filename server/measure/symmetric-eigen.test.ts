import assert from "node:assert/strict";
import { test } from "node:test";
import { symmetricEigen } from "./symmetric-eigen.ts";
import type { Matrix3 } from "./symmetric-eigen.ts";

test("eigenvalues fall, and their vectors point up the first axis they have a part along", () => {
  assert.deepEqual(symmetricEigen([[1, 0, 0], [0, 9, 0], [0, 0, 4]]), { values: [9, 4, 1], vectors: [[0, 1, 0], [0, 0, 1], [1, 0, 0]] });
  const half = Math.SQRT1_2;
  const { values, vectors } = symmetricEigen([[2, -1, 0], [-1, 2, 0], [0, 0, 5]]);
  assert.deepEqual(values.map((value) => value.toFixed(12)), ["5.000000000000", "3.000000000000", "1.000000000000"]);
  for (const [nth, expected] of [[0, 0, 1], [half, -half, 0], [half, half, 0]].entries()) {
    for (const [at, part] of expected.entries()) assert.ok(Math.abs(vectors[nth]![at]! - part) < 1e-12);
  }
});

test("of equal eigenvalues the axes come in order; nothing at all has eigenvalues of 0", () => {
  assert.deepEqual(symmetricEigen([[3, 0, 0], [0, 3, 0], [0, 0, 3]]).vectors, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
  assert.deepEqual(symmetricEigen([[0, 0, 0], [0, 0, 0], [0, 0, 0]]).values, [0, 0, 0]);
});

test("a small eigenvalue beside large ones keeps its digits", () => {
  // 1e8 along (1, 1, 0), 1 along (1, -1, 0), 1e-8 along x.
  const matrix: Matrix3 = [[(1e8 + 1) / 2, (1e8 - 1) / 2, 0], [(1e8 - 1) / 2, (1e8 + 1) / 2, 0], [0, 0, 1e-8]];
  const { values } = symmetricEigen(matrix);
  for (const [nth, value] of [1e8, 1, 1e-8].entries()) assert.ok(Math.abs(values[nth]! / value - 1) < 1e-7, `${values[nth]}`);
});
