import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws } from "../../../test/neighbourhood-laws.ts";
import { boxMean } from "./box-mean.ts";

test("means by hand, the edge repeated or a constant", () => {
  const values = Uint8Array.of(0, 3, 6, 30, 33, 36);
  const close = (found: Float32Array, expected: readonly number[]) => found.forEach((value, at) => assert.ok(Math.abs(value - expected[at]!) < 1e-5, `${found}`));
  close(boxMean(values, [2, 1, 3], [0, 0, 1]), [1, 3, 5, 31, 33, 35]);
  close(boxMean(values, [2, 1, 3], [0, 0, 1], "constant", 9), [4, 3, 6, 24, 33, 26]);
  close(boxMean(values, [2, 1, 3], [1, 5, 0]), [10, 13, 16, 20, 23, 26]);
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 3, exchangeTolerance: 1e-5, filter: (values, size) => boxMean(values, size, 3) });
});
