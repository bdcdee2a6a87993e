import assert from "node:assert/strict";
import test from "node:test";
import { boxIou, suppress } from "./suppress.ts";

test("boxes overlap by their common pixels", () => {
  assert.equal(boxIou([0, 0, 10, 10], [0, 0, 10, 5]), 0.5);
  assert.equal(boxIou([0, 0, 10, 10], [5, 5, 15, 15]), 25 / 175);
  assert.equal(boxIou([0, 0, 10, 10], [10, 0, 20, 10]), 0);
});

test("the first of those that overlap more than the threshold stays; one that was suppressed suppresses nothing", () => {
  const a = { box: [0, 0, 10, 10] as [number, number, number, number] };
  const b = { box: [2, 0, 12, 10] as [number, number, number, number] };
  const c = { box: [4, 0, 14, 10] as [number, number, number, number] };
  // a and b: 80 / 120; b and c the same; a and c: 60 / 140.
  assert.deepEqual(suppress([a, b, c], 0.6), [a, c]);
  assert.deepEqual(suppress([b, a, c], 0.6), [b]);
  assert.deepEqual(suppress([a, b, c], 80 / 120), [a, b, c], "as much is not more");
});
