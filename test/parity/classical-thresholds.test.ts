// Thresholds against ImageJ's answers kept in fixtures/classical/thresholds (test/oracles/thresholds.test.ts asks ImageJ itself).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { autoThreshold, thresholdMethods } from "#server/classical/kernels/auto-threshold.ts";

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
