// Automatic thresholds as ImageJ chooses them: bins of thousands of histograms, grey values of images of 8, 16 and 32 bits.
import assert from "node:assert/strict";
import test from "node:test";
import { autoThreshold, thresholdMethods } from "#server/classical/kernels/auto-threshold.ts";
import type { ThresholdMethod } from "#server/classical/kernels/auto-threshold.ts";
import { extremesOf } from "#server/classical/kernels/extremes.ts";
import { binsFor, histogramOf } from "#server/classical/kernels/histogram.ts";
import { thresholdValue } from "#server/classical/kernels/threshold-value.ts";
import { histogramKinds, seededHistogram } from "../../fixtures/make/classical/seeded-histograms.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { skipWithout } from "../tools.ts";
import { askThresholds, histogramLine, imageLine } from "./ask-thresholds.ts";

const skip = skipWithout("java", "mvn");

/**
 * ImageJ adds up the darker class of IsoData in 32 bits, and multiplies counts by squared grey values in 32 bits for MinError. Beyond
 * that its answer is chance; ours is what it is for the same image of fewer pixels.
 */
function overflows(method: ThresholdMethod, counts: Float64Array): boolean {
  if (method === "IsoData") return counts.reduce((sum, count, bin) => sum + count * bin, 0) >= 2 ** 31;
  return method === "MinError" && counts.some((count, bin) => count * bin * bin >= 2 ** 31);
}

test("every method chooses ImageJ's bin for 1300 histograms", { skip, timeout: 300_000 }, () => {
  const cases = histogramKinds.flatMap((kind) => Array.from({ length: 100 }, (_, nth) => ({ kind, seed: nth + 1, counts: seededHistogram(nth + 1, kind) })));
  const answers = askThresholds(cases.map(({ counts }) => histogramLine(counts)));
  assert.equal(answers.length, cases.length);
  const wrong: string[] = [];
  let compared = 0;
  cases.forEach(({ kind, seed, counts }, nth) => {
    for (const method of thresholdMethods) {
      if (overflows(method, counts)) continue;
      compared++;
      const [found, wanted] = [autoThreshold(counts, method) ?? 0, answers[nth]![method] ?? 0];
      if (found !== wanted) wrong.push(`${method}, ${kind}, seed ${seed}: ${found} for ${wanted}`);
    }
  });
  assert.deepEqual(wrong, []);
  assert.ok(compared > 21_000, `${compared}`);
});

function seededImage(seed: number, bits: 8 | 16 | 32): Float32Array {
  const random = seededRandom(seed);
  const [dark, bright] = [random.between(0, 60), random.between(100, bits === 8 ? 200 : bits === 16 ? (seed % 2 === 0 ? 200 : 30_000) : 1000)];
  const most = bits === 8 ? 255 : 65_535;
  return Float32Array.from({ length: random.whole(20, 400) }, () => {
    const value = (random.uniform() < 0.6 ? dark : bright) + (bright / 12) * random.normal();
    return bits === 32 ? value - 50 : Math.min(most, Math.max(0, Math.round(value)));
  });
}

for (const bits of [8, 16, 32] as const) {
  test(`thresholds in grey values of ${bits}-bit images are ImageJ's`, { skip, timeout: 120_000 }, () => {
    const images = Array.from({ length: 80 }, (_, nth) => seededImage(nth + 1, bits));
    const answers = askThresholds(images.map((values) => imageLine(bits, values)));
    const dtype = bits === 8 ? "uint8" : bits === 16 ? "uint16" : "float32";
    let compared = 0;
    let otherBins = 0;
    images.forEach((values, nth) => {
      const { least, greatest } = extremesOf(values, 1);
      const typed = bits === 8 ? Uint8Array.from(values) : bits === 16 ? Uint16Array.from(values) : values;
      const histogram = histogramOf(typed, binsFor(dtype, least[0]!, greatest[0]!));
      for (const method of thresholdMethods) {
        const answer = answers[nth]![method];
        let found: readonly number[] | undefined;
        try {
          const { brightFrom, darkTo } = thresholdValue(histogram, dtype, method);
          found = [brightFrom, darkTo];
        } catch (thrown) {
          assert.equal(Object(thrown).code, "threshold_not_found");
          continue;
        }
        compared++;
        if (bits === 32 && JSON.stringify(found) !== JSON.stringify(answer)) otherBins++;
        else assert.deepEqual(found, answer, `${method}, seed ${nth + 1}`);
      }
    });
    assert.ok(compared > 1200);
    // A float that lies within half a bin of 65,536 from an edge of ImageJ's 256 may be counted beyond it.
    assert.ok(otherBins <= 0.02 * compared, `${otherBins} of ${compared}`);
  });
}
