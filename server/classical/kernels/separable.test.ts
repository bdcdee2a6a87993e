import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws } from "../../../test/neighbourhood-laws.ts";
import { convolveSeparable } from "./separable.ts";

const one = Float64Array.of(1);

test("taps weigh the neighbours along their own axis, the lowest place's tap first", () => {
  // [2, 1, 4]: two planes of one row.
  const values = Uint8Array.of(1, 2, 3, 4, 10, 20, 30, 40);
  const taps = Float64Array.of(100, 10, 1);
  assert.deepEqual([...convolveSeparable(values, [2, 1, 4], [one, one, taps])], [112, 123, 234, 344, 1120, 1230, 2340, 3440]);
  assert.deepEqual([...convolveSeparable(values, [2, 1, 4], [one, taps, one])], [111, 222, 333, 444, 1110, 2220, 3330, 4440]);
  assert.deepEqual([...convolveSeparable(values, [2, 1, 4], [taps, one, one])], [120, 240, 360, 480, 210, 420, 630, 840]);
});

test("beyond the edge: repeated, mirrored, a constant, the other end", () => {
  const values = Uint16Array.of(1, 2, 3);
  const two = Float64Array.of(10000, 1000, 100, 10, 1);
  const along = (border: Parameters<typeof convolveSeparable>[3], constant?: number) => [...convolveSeparable(values, [1, 1, 3], [one, one, two], border, constant)];
  assert.deepEqual(along("replicate"), [11123, 11233, 12333]);
  assert.deepEqual(along("reflect"), [21123, 11233, 12332]);
  assert.deepEqual(along("constant", 7), [77123, 71237, 12377]);
  assert.deepEqual(along("wrap"), [23123, 31231, 12312]);
});

test("a constant beyond the edge is as a larger volume of that constant", () => {
  // Differences along y, sums along x: outside, where all is 5, the differences are 0.
  const found = convolveSeparable(Float32Array.of(6, 7, 8, 9), [1, 2, 2], [one, Float64Array.of(-1, 0, 1), Float64Array.of(1, 1, 1)], "constant", 5);
  assert.deepEqual([...found], [3 + 4, 3 + 4, -1 - 2, -1 - 2]);
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 2, exchangeTolerance: 1e-6, filter: (values, size) => convolveSeparable(values, size, [Float64Array.of(0.1, 0.2, 0.4, 0.2, 0.1), Float64Array.of(0.1, 0.2, 0.4, 0.2, 0.1), Float64Array.of(0.1, 0.2, 0.4, 0.2, 0.1)]) });
});
