// Thresholds against what ImageJ, numpy, scipy and scikit-image answered, kept in fixtures/classical/thresholds (test/oracles/thresholds.test.ts
// asks ImageJ itself).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { localThreshold } from "#server/classical/kernels/adaptive-threshold.ts";
import type { AdaptiveThreshold } from "#server/classical/kernels/adaptive-threshold.ts";
import { autoThreshold, thresholdMethods } from "#server/classical/kernels/auto-threshold.ts";
import { binsFor, histogramOf } from "#server/classical/kernels/histogram.ts";
import { mean, median, medianDistance, quantile, standardDeviation } from "#server/classical/kernels/histogram-statistics.ts";
import { hysteresisThreshold } from "#server/classical/kernels/hysteresis.ts";
import { kmeansGrey } from "#server/classical/kernels/kmeans-grey.ts";
import { otsuThreshold } from "#server/classical/kernels/otsu.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";

interface ImagejCase {
  readonly kind: string;
  readonly seed: number;
  readonly counts: readonly number[];
  readonly bins: Readonly<Record<string, number | null>>;
}

const read = (name: string): string => readFileSync(new URL(`../../fixtures/classical/thresholds/${name}`, import.meta.url), "utf8");

test("every automatic method chooses ImageJ's bin", () => {
  const cases: readonly ImagejCase[] = JSON.parse(read("imagej.json"));
  assert.equal(cases.length, 39);
  for (const { kind, seed, counts, bins } of cases) {
    for (const method of thresholdMethods) {
      // There ImageJ's 32-bit sums overflow.
      if ((method === "IsoData" || method === "MinError") && ["large", "huge"].includes(kind)) continue;
      assert.equal(autoThreshold(Float64Array.from(counts), method) ?? 0, bins[method] ?? 0, `${method}, ${kind}, seed ${seed}`);
    }
  }
});

interface Place {
  readonly at: number;
  readonly type: "uint8" | "float32";
  readonly length: number;
}

interface Peers {
  readonly size: Size3;
  readonly volume: Place;
  readonly grey: Place;
  readonly local: readonly (Place & { readonly how: AdaptiveThreshold; readonly inner?: number })[];
  readonly hysteresis: readonly (Place & { readonly low: number; readonly high: number })[];
  readonly kmeans: readonly { readonly classes: number; readonly centres: readonly number[] }[];
  readonly histograms: readonly Readonly<Record<string, string | number | null>>[];
}

const peers: Peers = JSON.parse(read("peers.json"));
const bytes = new Uint8Array(readFileSync(new URL("../../fixtures/classical/thresholds/volume.bin", import.meta.url))).buffer;
const reals = ({ at, length }: Place): Float32Array => new Float32Array(bytes, at, length);
const octets = ({ at, length }: Place): Uint8Array => new Uint8Array(bytes, at, length);

// numpy and scikit-image on the same histograms. ImageJ's methods and scikit-image's depart from each other as follows:
// - scikit-image keeps counts as float32, so that beyond some millions Otsu and Yen may be a bin or, between equal optima, far apart;
// - IsoData: ImageJ cuts the class means to whole numbers, and both take the first of several solutions by rules of their own;
// - Yen: ImageJ asks for a criterion above 0, which two filled bins do not reach; one bin alone scikit-image answers with itself;
// - Triangle: ImageJ draws the line from one bin beyond the tail and goes one back, so the answer differs by one;
// - Minimum: ImageJ counts modes of the whole smoothed histogram, ends left out, scikit-image peaks of another definition: unlike;
// - Li: ImageJ stops at the first step of no more than half a grey value, scikit-image goes on to the fixed point: up to several apart.
test("statistics, Otsu, and where scikit-image and ImageJ agree", () => {
  const cases: readonly ImagejCase[] = JSON.parse(read("imagej.json"));
  peers.histograms.forEach((found, nth) => {
    const { kind, seed, counts } = cases[nth]!;
    const where = `${kind}, seed ${seed}`;
    assert.deepEqual([found["kind"], found["seed"]], [kind, seed]);
    const histogram = { low: -0.5, high: 255.5, bins: 256, counts: Float64Array.from(counts), notFinite: 0 };
    const same = (name: string, own: number, tolerance = 0): void => {
      const other = found[name];
      if (typeof other === "number") assert.ok(Math.abs(own - other) <= tolerance, `${name}, ${where}: ${own} for ${other}`);
    };
    same("otsu", otsuThreshold(histogram).bin, kind === "huge" ? 1 : 0);
    same("median", median(histogram));
    same("mad", medianDistance(histogram));
    same("mean", mean(histogram), 1e-9);
    same("std", standardDeviation(histogram), 1e-9);
    for (const part of [0.001, 0.01, 0.37, 0.6, 0.995]) same(`quantile ${part}`, quantile(histogram, part));
    if (kind === "one bin" || kind === "huge") return;
    same("triangle", autoThreshold(histogram.counts, "Triangle")!, 1);
    if (kind !== "two bins") same("yen", autoThreshold(histogram.counts, "Yen")!);
    if (kind !== "saturated ends") same("isodata", autoThreshold(histogram.counts, "IsoData")!, 1);
  });
});

test("local thresholds as scikit-image's, Niblack and Sauvola away from the edges, where it mirrors another way", () => {
  const [depth, height, width] = peers.size;
  for (const one of peers.local) {
    const found = localThreshold(reals(peers.volume), peers.size, one.how, "reflect");
    const wanted = reals(one);
    const margin = one.inner ?? 0;
    let compared = 0;
    for (let z = margin; z < depth - margin; z++) {
      for (let y = margin; y < height - margin; y++) {
        for (let x = margin; x < width - margin; x++) {
          const at = (z * height + y) * width + x;
          assert.ok(Math.abs(found[at]! - wanted[at]!) < 0.01, `${JSON.stringify(one.how)} at ${z}, ${y}, ${x}: ${found[at]} for ${wanted[at]}`);
          compared++;
        }
      }
    }
    assert.ok(compared >= 70);
  }
});

test("hysteresis as scikit-image's, which joins by faces", () => {
  for (const one of peers.hysteresis) {
    // No value is a threshold itself, so that > and >= agree.
    assert.deepEqual(Uint8Array.from(hysteresisThreshold(reals(peers.volume), peers.size, { low: one.low, high: one.high, connectivity: 6 })), Uint8Array.from(octets(one)));
  }
});

test("k-means as scipy's from the same seeds", () => {
  const histogram = histogramOf(octets(peers.grey), binsFor("uint8", 0, 0));
  for (const { classes, centres } of peers.kmeans) {
    kmeansGrey(histogram, classes).centres.forEach((centre, nth) => assert.ok(Math.abs(centre - centres[nth]!) < 1e-9, `${classes} classes: ${centre} for ${centres[nth]}`));
  }
});
