import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws, seededVoxels } from "../../../test/neighbourhood-laws.ts";
import { differenceOfGaussians } from "./difference-of-gaussians.ts";
import { gaussianSmooth } from "./smooth.ts";

test("is the one smoothing less the other, each axis with its own sigma", () => {
  const size = [4, 5, 6] as const;
  const values = seededVoxels(1, "uint8", 120);
  const [fine, coarse] = [gaussianSmooth(values, size, [0, 1, 0.5], "reflect"), gaussianSmooth(values, size, [1, 2, 1.5], "reflect")];
  differenceOfGaussians(values, size, [0, 1, 0.5], [1, 2, 1.5], "reflect").forEach((value, at) => assert.ok(Math.abs(value - (fine[at]! - coarse[at]!)) < 1e-4));
});

test("nothing where all is the same", () => {
  differenceOfGaussians(new Uint8Array(60).fill(9), [3, 4, 5], 1, 2).forEach((value) => assert.ok(Math.abs(value) < 1e-5));
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 6, exchangeTolerance: 1e-5, filter: (values, size) => differenceOfGaussians(values, size, 0.8, 1.4) });
});
