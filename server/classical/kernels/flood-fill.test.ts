import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { connectedTo } from "./connected-to.ts";
import { floodFill } from "./flood-fill.ts";

test("a plane by hand: from the seed through values within the range, both ends of it included", () => {
  const values = Float32Array.of(1, 2, 9, 4, 9, 3, 9, 2.5, 1, 9, 9, 2, NaN, 0, 4);
  assert.deepEqual([...floodFill(values, [1, 3, 5], [0], { low: 1, high: 4, connectivity: 6 })], [1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...floodFill(values, [1, 3, 5], [0], { low: 1, high: 4, connectivity: 18 })], [1, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1]);
  assert.deepEqual([...floodFill(values, [1, 3, 5], [2, 12], { low: 1, high: 4, connectivity: 26 })], new Array(15).fill(0));
  assert.deepEqual([...floodFill(values, [1, 3, 5], [], { low: 1, high: 4, connectivity: 26 })], new Array(15).fill(0));
});

test("as a voxel by voxel fill of the values within the range; the input is untouched", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size = [random.whole(1, 6), random.whole(1, 7), random.whole(1, 8)] as const;
    const values = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => random.whole(0, 9));
    const before = values.slice();
    const seeds = [0, 1, 2].map(() => random.whole(0, values.length - 1));
    const wanted = connectedTo(values.map((value) => Number(value >= 3 && value <= 4)), size, seeds);
    assert.deepEqual(floodFill(values, size, seeds, { low: 3, high: 4, connectivity: 26 }), wanted, `seed ${seed}`);
    assert.deepEqual(values, before);
  }
});
