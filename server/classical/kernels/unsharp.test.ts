import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws } from "../../../test/neighbourhood-laws.ts";
import { gaussianSmooth } from "./smooth.ts";
import { unsharpMask } from "./unsharp.ts";

test("a step overshoots on both sides; amount 0 changes nothing", () => {
  const values = Uint8Array.of(10, 10, 10, 10, 30, 30, 30, 30);
  const found = unsharpMask(values, [2, 1, 4], [0.6, 0, 0], 2);
  const smooth = gaussianSmooth(values, [2, 1, 4], [0.6, 0, 0]);
  values.forEach((value, at) => assert.ok(Math.abs(found[at]! - (value + 2 * (value - smooth[at]!))) < 1e-4));
  assert.ok(found[0]! < 10 && found[4]! > 30);
  assert.deepEqual([...unsharpMask(values, [2, 1, 4], 1, 0)], [...values]);
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 4, exchangeTolerance: 1e-5, filter: (values, size) => unsharpMask(values, size, 1, 1.5) });
});
