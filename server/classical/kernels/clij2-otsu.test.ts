import assert from "node:assert/strict";
import test from "node:test";
import { clij2CountInto, clij2OtsuThreshold } from "./clij2-otsu.ts";

test("a distance map: zeros count too, so that it cuts between 0 and the small distances", () => {
  const map = Float32Array.of(...Array<number>(60).fill(0), ...Array<number>(20).fill(1), ...Array<number>(12).fill(2), ...Array<number>(6).fill(3), 4, 4, NaN);
  const counts = new Float64Array(256);
  clij2CountInto(counts, map.subarray(0, 50), { low: 0, high: 4 });
  clij2CountInto(counts, map.subarray(50), { low: 0, high: 4 });
  assert.deepEqual([0, 63, 127, 191, 255].map((bin) => counts[bin]), [60, 20, 12, 6, 2]);
  const threshold = clij2OtsuThreshold(counts, { low: 0, high: 4 });
  // The best split is the gap between 1 and 2; CLIJ2 takes its last bin, 126, so the threshold lies just under 2.
  assert.equal(threshold, (127 / 255) * 4);
  assert.equal(map.filter((value) => value >= threshold).length, 20);
});

test("eight bits have their own bins, and a value at a bin's beginning is in it", () => {
  const counts = new Float64Array(256);
  clij2CountInto(counts, Uint8Array.of(0, 9, 9, 200, 255), { low: 0, high: 255 });
  assert.deepEqual([0, 9, 200, 255].map((bin) => counts[bin]), [1, 2, 1, 1]);
  assert.equal(clij2OtsuThreshold(counts, { low: 0, high: 255 }), 200);
  const thirds = new Float64Array(256);
  clij2CountInto(thirds, Float32Array.from({ length: 31 }, (_, value) => value), { low: 0, high: 30 });
  for (let value = 0; value <= 30; value++) assert.equal(thirds[Math.floor((value * 255) / 30)], 1);
});
