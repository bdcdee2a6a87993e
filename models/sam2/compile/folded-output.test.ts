import assert from "node:assert/strict";
import test from "node:test";
import { product } from "./folded-output.ts";

test("two projections in a row are one matrix, with inputs as rows", () => {
  // 3 inputs -> 2 in between -> 4 outputs
  const first = Float32Array.of(1, 2, 3, 4, 5, 6);
  const second = Float32Array.of(1, 0, 0, 1, 1, 1, 2, -1);
  assert.deepEqual(product(first, second, 3, 2, 4), Float32Array.of(1, 4, 5, -2, 2, 5, 7, -1, 3, 6, 9, 0));
});
