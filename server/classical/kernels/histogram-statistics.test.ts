import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { binsFor, emptyHistogram, histogramOf } from "./histogram.ts";
import { countOf, mean, median, medianDistance, quantile, standardDeviation } from "./histogram-statistics.ts";
import { polarityOf, tailSkew } from "./tail-skew.ts";
import type { Voxels } from "./size3.ts";

const sorted = (values: ArrayLike<number>): number[] => Array.from(values).sort((a, b) => a - b);

function middle(values: ArrayLike<number>): number {
  const order = sorted(values);
  return (order[Math.floor((order.length - 1) / 2)]! + order[Math.floor(order.length / 2)]!) / 2;
}

test("seven values by hand", () => {
  const histogram = histogramOf(Uint8Array.of(9, 1, 2, 2, 4, 6, 200), binsFor("uint8", 0, 0));
  assert.deepEqual([countOf(histogram), median(histogram), medianDistance(histogram), medianDistance(histogram, 0), mean(histogram)], [7, 4, 2, 4, 32]);
  assert.deepEqual([0, 1 / 7, 0.15, 0.5, 0.99, 1].map((part) => quantile(histogram, part)), [1, 1, 2, 4, 200, 200]);
  assert.equal(standardDeviation(histogramOf(Uint8Array.of(2, 4, 4, 4, 5, 5, 7, 9), binsFor("uint8", 0, 0))), 2);
});

test("of an even number the median is between the middle two, and so is the MAD", () => {
  const histogram = histogramOf(Uint16Array.of(1, 2, 5, 50_000), binsFor("uint16", 0, 0));
  assert.deepEqual([median(histogram), medianDistance(histogram)], [3.5, 2]);
});

test("as sorting does it, whatever the values", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seededRandom(seed);
    const spread = random.whole(0, 90);
    const make = (): number => random.whole(100 - spread, 100 + random.whole(0, spread));
    const count = random.whole(1, 40);
    const values: Voxels = seed % 2 === 0 ? Uint8Array.from({ length: count }, make) : Uint16Array.from({ length: count }, () => 40 * make());
    const histogram = histogramOf(values, binsFor(seed % 2 === 0 ? "uint8" : "uint16", 0, 0));
    assert.equal(median(histogram), middle(values), `seed ${seed}`);
    assert.equal(medianDistance(histogram), middle(Float64Array.from(values, (value) => Math.abs(value - middle(values)))), `seed ${seed}`);
    const part = random.uniform();
    assert.equal(quantile(histogram, part), sorted(values)[Math.max(0, Math.ceil(part * count) - 1)], `seed ${seed}`);
  }
});

test("floats come within half a bin", () => {
  const random = seededRandom(9);
  const values = Float32Array.from({ length: 2001 }, () => 7 + 0.5 * random.normal());
  const histogram = histogramOf(values, binsFor("float32", 4, 10));
  const width = 6 / histogram.bins;
  assert.ok(Math.abs(median(histogram) - middle(values)) <= width / 2);
  assert.ok(Math.abs(medianDistance(histogram) - middle(Float64Array.from(values, (value) => Math.abs(value - middle(values))))) <= width);
  assert.ok(Math.abs(1.4826 * medianDistance(histogram) - 0.5) < 0.03, "1.4826 MAD estimates the noise");
});

test("nothing counted has no statistics; one value is all of them", () => {
  const empty = emptyHistogram(binsFor("uint8", 0, 0));
  for (const ask of [median, medianDistance, mean, standardDeviation, tailSkew]) assert.throws(() => ask(empty), { code: "internal" });
  const one = histogramOf(Float32Array.of(6.25), { low: 6.25, high: 6.25, bins: 16 });
  assert.deepEqual([median(one), medianDistance(one), mean(one), standardDeviation(one), quantile(one, 0.3), tailSkew(one)], [6.25, 0, 6.25, 0, 6.25, 0]);
});

test("the longer tail is the particles' side, whatever a few odd voxels say", () => {
  const random = seededRandom(11);
  const noise = Array.from({ length: 20_000 }, () => 128 + 6 * random.normal());
  const dark = noise.map((value, at) => (at % 50 === 0 ? value - 40 : value));
  const histogram = (values: readonly number[]): ReturnType<typeof histogramOf> => histogramOf(Uint8Array.from(values, Math.round), binsFor("uint8", 0, 0));
  assert.equal(polarityOf(histogram(dark)), "dark");
  assert.equal(polarityOf(histogram(dark.map((value) => 255 - value))), "bright");
  assert.equal(polarityOf(histogram(dark.map((value, at) => (at % 2000 === 7 ? 255 : value)))), "dark");
  assert.ok(Math.abs(tailSkew(histogram(noise))) < 0.05);
  assert.ok(Math.abs(tailSkew(histogram(dark)) + tailSkew(histogram(dark.map((value) => 256 - Math.round(value))))) < 0.02, "mirrored values have the opposite skew");
});
