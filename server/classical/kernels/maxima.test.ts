import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { extendedMaxima, hMaxima, hMaximaTransform, regionalMaxima, regionalMinima } from "./maxima.ts";
import { peaksOf } from "./peaks.ts";

const row = Float32Array.of(0, 5, 5, 2, 3, 1, 9, 8);

test("a row by hand: plateaus without a higher neighbour, and without a lower one", () => {
  assert.deepEqual([...regionalMaxima(row, [1, 1, 8], 6)], [0, 1, 1, 0, 1, 0, 1, 0]);
  assert.deepEqual([...regionalMinima(row, [1, 1, 8], 6)], [1, 0, 0, 1, 0, 1, 0, 1]);
});

test("a row by hand: peaks less than h deep go, deeper ones stay, and the extended ones reach down by h", () => {
  assert.deepEqual([...hMaximaTransform(row, [1, 1, 8], 2, 6)], [0, 3, 3, 2, 2, 1, 7, 7]);
  assert.deepEqual([...extendedMaxima(row, [1, 1, 8], 2, 6)], [0, 1, 1, 0, 0, 0, 1, 1]);
  assert.deepEqual([...hMaxima(row, [1, 1, 8], 2, 6)], [0, 1, 1, 0, 0, 0, 1, 0]);
  assert.deepEqual([...hMaxima(row, [1, 1, 8], 1, 6)], [0, 1, 1, 0, 1, 0, 1, 0]);
});

test("an edge, a corner apart: two maxima by faces, one by what joins them", () => {
  const byEdge = Uint8Array.of(4, 1, 1, 1, 1, 1, 1, 1, 1, 5, 1, 1);
  assert.deepEqual([...regionalMaxima(byEdge, [2, 2, 3], 6)], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
  assert.deepEqual([...regionalMaxima(byEdge, [2, 2, 3], 18)], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
  const byCorner = Uint8Array.of(4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 1);
  assert.deepEqual([...regionalMaxima(byCorner, [2, 2, 3], 18)], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
  assert.deepEqual([...regionalMaxima(byCorner, [2, 2, 3], 26)], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
});

test("a volume of one value is one maximum", () => {
  assert.deepEqual(regionalMaxima(new Uint16Array(24).fill(3), [2, 3, 4], 26), new Uint8Array(24).fill(1));
});

test("h-maxima stand where the peaks are that deep; the input is untouched; a flip commutes", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size = [random.whole(1, 5), random.whole(1, 6), random.whole(1, 7)] as const;
    const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, () => random.uniform() * 10 + 1);
    const before = values.slice();
    // The highest of all counts its height as its depth here and its height above the lowest voxel there; every h below is less.
    const h = Math.min(random.between(0.5, 4), Math.max(...values) - Math.min(...values));
    const peaks = peaksOf(values, size).filter((peak, nth) => nth === 0 || peak.depth >= h).map((peak) => peak.at).sort((a, b) => a - b);
    const found = hMaxima(values, size, h, 26);
    if (values.length > 1) assert.deepEqual(Array.from(found.keys()).filter((at) => found[at] === 1), peaks, `seed ${seed}`);
    assert.deepEqual(regionalMaxima(values.slice().reverse(), size, 18), regionalMaxima(values, size, 18).reverse());
    assert.deepEqual(values, before);
  }
});
