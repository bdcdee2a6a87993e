import assert from "node:assert/strict";
import test from "node:test";
import { histogramKinds, seededHistogram } from "../../../fixtures/make/classical/seeded-histograms.ts";
import { autoThreshold, thresholdMethods } from "./auto-threshold.ts";
import { binsFor, histogramOf } from "./histogram.ts";
import { thresholdValue } from "./threshold-value.ts";

/** Two heaps, the darker one three times the brighter: 9 to 11 and 29 to 31. */
const twoHeaps = new Float64Array(256);
[[9, 30], [10, 60], [11, 30], [29, 10], [30, 20], [31, 10]].forEach(([bin, count]) => { twoHeaps[bin!] = count!; });

test("two heaps are parted between them", () => {
  const found = Object.fromEntries(thresholdMethods.map((method) => [method, autoThreshold(twoHeaps, method)]));
  assert.deepEqual(found, {
    Default: 20, Huang: 11, Intermodes: 20, IsoData: 20, IJ_IsoData: 20, Li: 18, MaxEntropy: 11, Mean: 15, MinError: 15, Minimum: 12,
    Moments: 11, Otsu: 28, Percentile: 10, RenyiEntropy: 11, Shanbhag: 11, Triangle: 13, Yen: 11,
  });
});

test("no method touches its input, each gives a bin or nothing", () => {
  for (const kind of histogramKinds) {
    const counts = seededHistogram(7, kind);
    for (const method of thresholdMethods) {
      const bin = autoThreshold(counts, method);
      assert.ok(bin === undefined || (Number.isInteger(bin) && bin >= 0 && bin <= 255), `${method}, ${kind}: ${bin}`);
    }
    assert.deepEqual(counts, seededHistogram(7, kind));
  }
  for (const method of thresholdMethods) assert.equal(autoThreshold(new Float64Array(256), method), undefined);
});

test("an image of more pixels has the same threshold", () => {
  for (const kind of ["one heap", "two heaps", "saturated ends"] as const) {
    for (let seed = 1; seed <= 20; seed++) {
      const counts = seededHistogram(seed, kind);
      for (const method of ["IsoData", "MinError", "Otsu", "Li", "Huang", "Intermodes"] as const) {
        assert.equal(autoThreshold(counts.map((count) => count * 2 ** 21), method), autoThreshold(counts, method), `${method}, ${kind}, seed ${seed}`);
      }
    }
  }
});

test("grey values: 8 bits have the bins', 16 bits whole ones between least and greatest, floats any", () => {
  const eight = Uint8Array.of(10, 10, 11, 12, 80, 81, 81, 82, 82, 90);
  assert.deepEqual(thresholdValue(histogramOf(eight, binsFor("uint8", 0, 0)), "uint8", "Default"), { bin: 47, brightFrom: 48, darkTo: 47 });
  const sixteen = Uint16Array.of(100, 200, 300, 400, 5000, 5100, 5200);
  assert.deepEqual(thresholdValue(histogramOf(sixteen, binsFor("uint16", 0, 0)), "uint16", "Otsu"), { bin: 245, brightFrom: 5020, darkTo: 5000 });
  const floats = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  const { bin, brightFrom, darkTo } = thresholdValue(histogramOf(floats, binsFor("float32", 0, 10)), "float32", "Otsu");
  assert.deepEqual([bin, brightFrom, darkTo], [127, (128 / 255) * 10, (127 / 255) * 10]);
});

test("a method that finds nothing says so", () => {
  const one = histogramOf(Uint8Array.of(7, 7, 7), binsFor("uint8", 0, 0));
  assert.throws(() => thresholdValue(one, "uint8", "Intermodes"), { code: "threshold_not_found", details: { method: "Intermodes" } });
  assert.equal(thresholdValue(one, "uint8", "Default").bin, 128);
});
