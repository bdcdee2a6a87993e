import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { addInto, binCentre, binEnd, binsFor, countInto, emptyHistogram, histogramOf, manyBins } from "./histogram.ts";

test("values fall into half-open bins, the last one closed, and those outside into the end bins", () => {
  const histogram = histogramOf(Float32Array.of(-3, 0, 0.9, 1, 2, 3.99, 4, 70), { low: 0, high: 4, bins: 4 });
  assert.deepEqual([...histogram.counts], [3, 1, 1, 3]);
  assert.deepEqual([0, 1, 2, 3].map((bin) => binCentre(histogram, bin)), [0.5, 1.5, 2.5, 3.5]);
  assert.deepEqual([0, 3].map((bin) => binEnd(histogram, bin)), [1, 4]);
});

test("what is not finite is in no bin but counted; a mask leaves out", () => {
  const values = Float32Array.of(NaN, 1, Infinity, 2, -Infinity, 1);
  const histogram = histogramOf(values, { low: 0, high: 3, bins: 3 });
  assert.deepEqual([[...histogram.counts], histogram.notFinite], [[0, 2, 1], 3]);
  const masked = histogramOf(values, { low: 0, high: 3, bins: 3 }, Uint8Array.of(1, 0, 0, 1, 0, 9));
  assert.deepEqual([[...masked.counts], masked.notFinite], [[0, 1, 1], 1]);
});

test("whole numbers have bins of their own, whose centres they are", () => {
  for (const [dtype, values] of [["uint8", Uint8Array.of(0, 7, 7, 255)], ["uint16", Uint16Array.of(0, 7, 7, 255, 65_535)]] as const) {
    const histogram = histogramOf(values, binsFor(dtype, 3, 4));
    const masked = histogramOf(values, binsFor(dtype, 3, 4), new Uint8Array(values.length).fill(1));
    assert.deepEqual(masked, histogram, "the short way counts as the long one");
    for (let bin = 0; bin < histogram.bins; bin++) {
      assert.equal(histogram.counts[bin], values.filter((value) => value === bin).length);
      assert.equal(binCentre(histogram, bin), bin);
    }
  }
  assert.deepEqual(binsFor("float32", -2, 8), { low: -2, high: 8, bins: manyBins });
});

test("one value alone is one bin", () => {
  const histogram = histogramOf(Float32Array.of(2.5, 2.5), { low: 2.5, high: 2.5, bins: 8 });
  assert.deepEqual([histogram.counts[0], binCentre(histogram, 0), binEnd(histogram, 7)], [2, 2.5, 2.5]);
});

test("parts in any order add up to the whole, and no input is written to", () => {
  const random = seededRandom(3);
  const values = Float32Array.from({ length: 5000 }, () => (random.uniform() < 0.01 ? NaN : 100 + 20 * random.normal()));
  const before = values.slice();
  const bins = { low: 60, high: 150, bins: 997 };
  const whole = histogramOf(values, bins);
  const parts = [values.subarray(4000), values.subarray(0, 1), values.subarray(1, 4000)].map((part) => histogramOf(part, bins));
  const sum = emptyHistogram(bins);
  for (const part of parts) addInto(sum, part);
  assert.deepEqual(sum, whole);
  const counted = emptyHistogram(bins);
  countInto(counted, values.subarray(2500));
  countInto(counted, values.subarray(0, 2500));
  assert.deepEqual(counted, whole);
  assert.deepEqual(values, before);
  assert.equal(whole.counts.reduce((total, count) => total + count, 0) + whole.notFinite, 5000);
});

test("a value lies above a bin's end exactly when it is in a later bin", () => {
  const random = seededRandom(5);
  const bins = { low: 0, high: 255, bins: 256 };
  const values = Float32Array.from({ length: 3000 }, () => random.between(0, 255));
  for (const bin of [0, 99, 200]) {
    const later = histogramOf(values, bins).counts.slice(bin + 1).reduce((total, count) => total + count, 0);
    assert.equal(values.filter((value) => value >= binEnd(bins, bin)).length, later);
  }
});

test("bins that are none, or of other places, are refused", () => {
  assert.throws(() => emptyHistogram({ low: 0, high: 1, bins: 0 }), { code: "internal" });
  assert.throws(() => emptyHistogram({ low: 1, high: 0, bins: 4 }), { code: "internal" });
  assert.throws(() => emptyHistogram({ low: NaN, high: 0, bins: 4 }), { code: "internal" });
  assert.throws(() => addInto(emptyHistogram({ low: 0, high: 1, bins: 4 }), emptyHistogram({ low: 0, high: 2, bins: 4 })), { code: "internal" });
});
