import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { binsFor, emptyHistogram, histogramOf } from "./histogram.ts";
import { kmeansGrey } from "./kmeans-grey.ts";

const eight = binsFor("uint8", 0, 0);

test("three heaps by hand", () => {
  const found = kmeansGrey(histogramOf(Uint8Array.of(1, 2, 3, 50, 51, 52, 53, 200, 202), eight), 3);
  assert.deepEqual(found, { centres: [2, 51.5, 201], thresholds: [3.5, 53.5], counts: [3, 4, 2], scatter: 2 + 5 + 2 });
});

test("one class is the mean; no more classes than grey values; a background that fills the quantiles does not hide the rest", () => {
  const histogram = histogramOf(Uint8Array.of(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 40, 90), eight);
  assert.deepEqual(kmeansGrey(histogram, 1), { centres: [(84 + 130) / 14], thresholds: [], counts: [14], scatter: 12 * (7 - 214 / 14) ** 2 + (40 - 214 / 14) ** 2 + (90 - 214 / 14) ** 2 });
  assert.deepEqual(kmeansGrey(histogram, 5), { centres: [7, 40, 90], thresholds: [7.5, 40.5], counts: [12, 1, 1], scatter: 0 });
  assert.deepEqual(kmeansGrey(histogram, 3), kmeansGrey(histogram, 5));
  assert.throws(() => kmeansGrey(emptyHistogram(eight), 2), { code: "internal" });
});

/** The least scatter of all ways to cut the sorted values (Wang and Song's recursion, The R Journal 3(2), 2011). */
function bestScatter(values: readonly number[], classes: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const within = (from: number, to: number): number => {
    const part = sorted.slice(from, to);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    return part.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  let best = sorted.map((_, at) => within(0, at + 1));
  for (let nth = 1; nth < classes; nth++) best = sorted.map((_, at) => Math.min(best[at]!, ...Array.from({ length: at }, (_one, cut) => best[cut]! + within(cut + 1, at + 1))));
  return best.at(-1)!;
}

test("every value is nearest to its own centre, every centre the mean of its values; seldom far from the best there is", () => {
  let optimal = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const heaps = Array.from({ length: 3 }, () => random.whole(10, 240));
    const values = Array.from({ length: random.whole(6, 40) }, () => Math.max(0, Math.min(255, Math.round(heaps[random.whole(0, 2)]! + 5 * random.normal()))));
    const classes = random.whole(2, 4);
    const { centres, thresholds, counts, scatter } = kmeansGrey(histogramOf(Uint8Array.from(values), eight), classes);
    const parts = centres.map((_, nth) => values.filter((value) => value >= (thresholds[nth - 1] ?? -1) && value < (thresholds[nth] ?? 256)));
    assert.deepEqual(parts.map((part) => part.length), counts);
    parts.forEach((part, nth) => {
      assert.ok(Math.abs(part.reduce((sum, value) => sum + value, 0) / part.length - centres[nth]!) < 1e-9, `seed ${seed}`);
      for (const value of part) assert.ok(centres.every((centre) => Math.abs(centre - value) >= Math.abs(centres[nth]! - value) - 1e-9), `seed ${seed}`);
    });
    const best = bestScatter(values, Math.min(classes, new Set(values).size));
    assert.ok(scatter >= best - 1e-6);
    if (scatter <= best + 1e-6) optimal++;
  }
  assert.ok(optimal >= 35, `${optimal} of 60 are the best there is`);
});
