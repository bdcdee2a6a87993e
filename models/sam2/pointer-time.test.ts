import assert from "node:assert/strict";
import { it } from "node:test";
import { pointerTimes } from "./pointer-time.ts";

it("codes distances as sines, then cosines, of ever slower turns", () => {
  const codes = pointerTimes([0, 15], 16, { width: 8, pointerTime: true });
  assert.deepEqual([...codes.subarray(0, 8)], [0, 0, 0, 0, 1, 1, 1, 1]);
  const expected = [Math.sin(1), Math.sin(1), Math.sin(0.01), Math.sin(0.01), Math.cos(1), Math.cos(1), Math.cos(0.01), Math.cos(0.01)];
  assert.deepEqual([...codes.subarray(8)], expected.map(Math.fround));
});

it("is all zeros for networks without such a code", () => {
  assert.deepEqual([...pointerTimes([3], 16, { width: 2, pointerTime: false })], [0, 0]);
});
