import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { bothExtremes, extremesOf } from "./extremes.ts";

test("the least and the greatest, equal ones one by one, what is not finite counted apart", () => {
  const { least, greatest, notFinite } = extremesOf(Float32Array.of(3, NaN, -1, 7, 3, Infinity, 3, -1), 3);
  assert.deepEqual([[...least], [...greatest], notFinite], [[-1, -1, 3], [7, 3, 3], 2]);
  assert.deepEqual(extremesOf(Uint8Array.of(5, 2), 4), { least: Float32Array.of(2, 5), greatest: Float32Array.of(5, 2), notFinite: 0 });
  assert.deepEqual(extremesOf(new Uint16Array(0), 4), { least: new Float32Array(0), greatest: new Float32Array(0), notFinite: 0 });
});

test("as sorting says, in any order of values and in any parts", () => {
  const random = seededRandom(8);
  const mixed = Float32Array.from({ length: 30_000 }, () => Math.round(200 * random.normal()) / 8);
  for (const values of [mixed, mixed.slice().sort(), mixed.slice().sort().reverse()]) {
    const sorted = values.slice().sort();
    const expected = { least: sorted.slice(0, 65), greatest: sorted.slice(-65).reverse(), notFinite: 0 };
    assert.deepEqual(extremesOf(values, 65), expected);
    const parts = [0, 10, 40, 9000].map((from, nth, all) => extremesOf(values.subarray(from, all[nth + 1]), 65));
    assert.deepEqual(parts.reduce((one, other) => bothExtremes(one, other, 65)), expected);
  }
});
