import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { binsFor, emptyHistogram, histogramOf } from "./histogram.ts";
import { otsuThreshold } from "./otsu.ts";

/** The least weighted sum of the variances within the classes, looked for at every split (equation 12). */
function slow(values: readonly number[], bins: number): number {
  const within = (part: readonly number[]): number => {
    const centre = part.reduce((sum, value) => sum + value, 0) / part.length;
    return part.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  };
  let least = Infinity;
  for (let bin = 0; bin < bins; bin++) {
    const [darker, brighter] = [values.filter((value) => value <= bin), values.filter((value) => value > bin)];
    if (darker.length > 0 && brighter.length > 0) least = Math.min(least, within(darker) + within(brighter));
  }
  return least;
}

test("two heaps by hand: the end of the darker one", () => {
  const found = otsuThreshold(histogramOf(Uint8Array.of(10, 11, 11, 12, 80, 81, 81, 82), binsFor("uint8", 0, 0)));
  assert.deepEqual([found.bin, found.value, found.means], [12, 12.5, [11, 81]]);
  assert.ok(found.separability > 0.99);
});

test("no other split has less variance within its classes", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(seed);
    const values = Array.from({ length: random.whole(2, 60) }, () => Math.min(39, random.whole(0, 9) + (random.uniform() < 0.4 ? random.whole(5, 30) : 0)));
    if (new Set(values).size < 2) continue;
    const { bin, separability } = otsuThreshold(histogramOf(Uint8Array.from(values), { low: -0.5, high: 39.5, bins: 40 }));
    const all = slow(values, 40);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const total = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    assert.ok(Math.abs(separability - (1 - all / total)) < 1e-9, `seed ${seed}`);
    const [darker, brighter] = [values.filter((value) => value <= bin), values.filter((value) => value > bin)];
    assert.ok(darker.length > 0 && brighter.length > 0);
  }
});

test("a value at the threshold is in the brighter class, and one bin alone is all dark", () => {
  const histogram = histogramOf(Float32Array.of(0, 0.1, 7.9, 8), { low: 0, high: 8, bins: 8 });
  assert.equal(otsuThreshold(histogram).value, 1);
  const one = otsuThreshold(histogramOf(Uint8Array.of(5, 5), binsFor("uint8", 0, 0)));
  assert.deepEqual(one, { bin: 5, value: 5.5, means: [5, 5], separability: 0 });
  assert.throws(() => otsuThreshold(emptyHistogram(binsFor("uint8", 0, 0))), { code: "internal" });
});
