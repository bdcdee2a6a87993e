import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws } from "../../../test/neighbourhood-laws.ts";
import { gradientMagnitude } from "./gradient-magnitude.ts";

test("a slope of 3, 4 and 12 a voxel is 13 steep inside, and half a difference at the edge when sigma is 0", () => {
  const size = [5, 4, 3] as const;
  const values = Float32Array.from({ length: 60 }, (_, at) => 3 * Math.floor(at / 12) + 4 * (Math.floor(at / 3) % 4) + 12 * (at % 3));
  const found = gradientMagnitude(values, size, 0);
  assert.equal(found[(1 * 4 + 1) * 3 + 1], 13);
  assert.equal(found[0], 6.5);
  const deep = Float32Array.from({ length: 20 ** 3 }, (_, at) => 3 * Math.floor(at / 400) + 4 * (Math.floor(at / 20) % 20) + 12 * (at % 20));
  assert.ok(Math.abs(gradientMagnitude(deep, [20, 20, 20], 1)[10 * 421]! - 13) < 0.05);
});

test("laws of a neighbourhood", () => {
  for (const sigma of [0, 1]) assertNeighbourhoodLaws({ reach: sigma === 0 ? 1 : 4, exchangeTolerance: 1e-5, filter: (values, size) => gradientMagnitude(values, size, sigma) });
});
