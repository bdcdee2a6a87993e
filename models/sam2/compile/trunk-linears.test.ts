import assert from "node:assert/strict";
import test from "node:test";
import { roundedColumns } from "./trunk-linears.ts";

test("each column has its own scale, and one of zeros stays zero", () => {
  const { values, scales } = roundedColumns(Float32Array.of(1, 0, -0.5, -2, 0, 0.25, 0.5, 0, 0.126), 3, 3);
  assert.deepEqual([...values], [64, 0, -127, -127, 0, 64, 32, 0, 32]);
  assert.deepEqual(scales, Float32Array.of(2 / 127, 1, 0.5 / 127));
});
